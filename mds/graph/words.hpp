// Words as the search index cuts them: runs of ASCII letters and digits and of all other characters
// beyond ASCII, in lower case.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace rehearse::mds {

std::vector<std::string> words_of(std::string_view text);

/// Letters of ASCII in lower case, the rest as it is.
std::string lower(std::string_view text);

/// How many typing errors a word of this length forgives.
std::size_t forgiven_errors(std::size_t length);

}  // namespace rehearse::mds
