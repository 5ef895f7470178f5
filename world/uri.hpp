// AIP URIs and percent-encoding (RFC 3986), as the world writes and reads them.
//
// aip://<component>/<platform>/<encoded id>; letters, digits and -._~:@+=, stand for themselves,
// every other byte is written %XX with capital hex digits.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rehearse::world {

std::string percent_encode(std::string_view text);
/// nullopt when a % is not followed by two hex digits.
std::optional<std::string> percent_decode(std::string_view text);

std::string make_uri(std::string_view component, std::string_view platform, std::string_view id);

}  // namespace rehearse::world
