#include "mds/graph/words.hpp"

#include <algorithm>

namespace rehearse::mds {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool in_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         static_cast<unsigned char>(c) >= 0x80;
}

// Shorter words have too many neighbours.
constexpr std::size_t kShortestForOne = 4;
constexpr std::size_t kShortestForTwo = 8;

}  // namespace

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](char c) { return lower(c); });
  return result;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  bool inside = false;
  for (const char c : text) {
    if (in_word(c)) {
      if (!inside) words.emplace_back();
      words.back().push_back(lower(c));
    }
    inside = in_word(c);
  }
  return words;
}

std::size_t forgiven_errors(std::size_t length) {
  return length >= kShortestForTwo ? 2 : length >= kShortestForOne ? 1 : 0;
}

}  // namespace rehearse::mds
