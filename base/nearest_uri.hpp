// Which URI was meant. URIs share much of their text whatever they name, so two of them are near
// when each of their parts between slashes is: then one is the other misspelt, or the beginning of
// it ("ranking-v5" of "ranking-v5-20260101").
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rehearse::config {

/// The candidate that differs least from `uri`, if every part of it is near enough to be meant.
std::optional<std::string> nearest_uri(std::string_view uri,
                                       const std::vector<std::string>& candidates);

}  // namespace rehearse::config
