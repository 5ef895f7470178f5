#include "base/text/wrap.hpp"

#include <algorithm>

#include "base/text/utf8.hpp"

namespace rehearse {
namespace {

// The first line has less room than the others, or more.
std::vector<std::string> broken(std::string_view text, std::size_t first, std::size_t others) {
  std::vector<std::string> lines;
  std::size_t column = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::string_view word = text.substr(at, end - at);
    at = end + 1;
    const std::size_t length = count_code_points(word);
    if (lines.empty() || column + 1 + length > (lines.size() == 1 ? first : others)) {
      lines.emplace_back(word);
      column = length;
      continue;
    }
    lines.back().append(" ").append(word);
    column += 1 + length;
  }
  return lines;
}

std::size_t room_after(std::size_t columns) { return kColumns - std::min(kColumns, columns); }

}  // namespace

std::vector<std::string> wrapped_lines(std::string_view text, std::size_t width) {
  return broken(text, width, width);
}

std::string wrapped(std::string_view first, std::string_view text,
                    std::optional<std::size_t> indent) {
  const std::size_t begun = count_code_points(first);
  const std::size_t under = indent.value_or(begun);
  std::string result(first);
  const std::vector<std::string> lines = broken(text, room_after(begun), room_after(under));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i > 0) result += "\n" + std::string(under, ' ');
    result += lines[i];
  }
  return result + "\n";
}

}  // namespace rehearse
