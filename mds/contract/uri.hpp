// AI Platform URIs: aip://<componentType>/<platformId>/<resourceId>.
//
// A resource id is any non-empty UTF-8 text that a source calls its entity; in a URI, and in an API
// path, it stands percent-encoded where it holds a byte other than letters, digits and -._~:@+=,
// so that a URI has exactly three parts whatever a source calls its entities. encode_id and
// decode_id are inverse to each other: one entity has one URI.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rehearse::mds {

std::string encode_id(std::string_view id);

/// nullopt when `encoded` is not what encode_id would write for some id.
std::optional<std::string> decode_id(std::string_view encoded);

std::string make_uri(std::string_view component, std::string_view platform, std::string_view id);

/// The parts of a URI, pointing into it; the id as it stands there, encoded.
struct UriParts {
  std::string_view component;
  std::string_view platform;
  std::string_view encoded_id;
};

/// nullopt when `uri` has not the form above.
std::optional<UriParts> split_uri(std::string_view uri);

}  // namespace rehearse::mds
