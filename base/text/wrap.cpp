#include "base/text/wrap.hpp"

#include <algorithm>

#include "base/text/utf8.hpp"

namespace rehearse {

std::vector<std::string> wrapped_lines(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  std::size_t column = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::string_view word = text.substr(at, end - at);
    at = end + 1;
    const std::size_t length = count_code_points(word);
    if (lines.empty() || column + 1 + length > width) {
      lines.emplace_back(word);
      column = length;
      continue;
    }
    lines.back().append(" ").append(word);
    column += 1 + length;
  }
  return lines;
}

std::string wrapped(std::string_view first, std::string_view text) {
  const std::size_t indent = count_code_points(first);
  std::string result(first);
  bool begun = false;
  for (const std::string& line : wrapped_lines(text, kColumns - std::min(kColumns, indent))) {
    if (begun) result += "\n" + std::string(indent, ' ');
    result += line;
    begun = true;
  }
  return result + "\n";
}

}  // namespace rehearse
