#include <algorithm>
#include <cctype>

#include "base/config.hpp"
#include "base/nearest_uri.hpp"
#include "base/text/edit_distance.hpp"

namespace rehearse::config {
namespace {

// Case and the choice between - and _ are no difference a user means.
std::string folded(std::string_view word) {
  std::string out;
  for (const char c : word) {
    out += c == '-' ? '_' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return out;
}

// Two words of this length are near enough to be one misspelt.
std::size_t tolerance(std::size_t length) { return length < 4 ? 1 : length < 7 ? 2 : length / 3; }

constexpr std::size_t kLongestWord = 200;  // the cost is quadratic

std::vector<std::string> parts_of(std::string_view uri) {
  std::vector<std::string> parts = {""};
  for (const char c : uri) {
    if (c == '/') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

// "ranking-v5" begins "ranking-v5-20260101".
bool goes_on(const std::string& begun, const std::string& whole) {
  return !begun.empty() && whole.size() > begun.size() && whole.starts_with(begun) &&
         std::ispunct(static_cast<unsigned char>(whole[begun.size()])) != 0;
}

// The edits between two lists of parts; nullopt when two parts that meet are not near.
std::optional<std::size_t> edits_between(const std::vector<std::string>& a,
                                         const std::vector<std::string>& b) {
  if (a.size() != b.size()) return std::nullopt;
  std::size_t edits = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] == b[i]) continue;
    const std::string meant = folded(a[i]);
    const std::string there = folded(b[i]);
    const std::size_t here = edit_distance(meant, there);
    const bool near = here <= tolerance(std::min(meant.size(), there.size()));
    if (!near && !goes_on(meant, there)) return std::nullopt;
    edits += here;
  }
  return edits;
}

}  // namespace

std::optional<std::string> nearest(std::string_view word,
                                   const std::vector<std::string>& candidates) {
  if (word.size() > kLongestWord) return std::nullopt;
  const std::string meant = folded(word);
  std::optional<std::string> best;
  std::size_t best_distance = 0;
  for (const std::string& candidate : candidates) {
    const std::size_t edits = edit_distance(meant, folded(candidate));
    if (edits > tolerance(std::min(word.size(), candidate.size()))) continue;
    if (!best || edits < best_distance) {
      best = candidate;
      best_distance = edits;
    }
  }
  return best;
}

std::optional<std::string> nearest_uri(std::string_view uri,
                                       const std::vector<std::string>& candidates) {
  if (uri.size() > kLongestWord) return std::nullopt;
  const std::vector<std::string> meant = parts_of(uri);
  std::optional<std::string> best;
  std::size_t least = 0;
  for (const std::string& candidate : candidates) {
    const std::optional<std::size_t> edits = edits_between(meant, parts_of(candidate));
    if (!edits || (best && *edits >= least)) continue;
    best = candidate;
    least = *edits;
  }
  return best;
}

}  // namespace rehearse::config
