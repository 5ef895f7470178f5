// How far two words are from each other, for suggestions and forgiving search.
#pragma once

#include <cstddef>
#include <limits>
#include <string_view>

namespace rehearse {

/// Optimal string alignment: the least number of insertions, deletions, replacements and swaps of
/// neighbours that make `b` of `a`, no place touched twice. By bytes. Where it is above `limit`,
/// some number above `limit`, sooner. Time and memory grow with the product and sum of the lengths.
std::size_t edit_distance(std::string_view a, std::string_view b,
                          std::size_t limit = std::numeric_limits<std::size_t>::max() - 1);

}  // namespace rehearse
