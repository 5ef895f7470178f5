#include "base/csv_dialect.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>
#include <vector>

#include "base/config.hpp"

namespace rehearse::csv {
namespace {

constexpr std::array<std::pair<char, const char*>, 4> kSeparators = {
    {{',', "comma"}, {';', "semicolon"}, {'\t', "tab"}, {'|', "pipe"}}};
constexpr std::size_t kLinesLookedAt = 50;

/// How often each separator stands outside quotes in a record.
using Counts = std::array<std::size_t, kSeparators.size()>;

/// The records at the beginning of a text, blank ones left out. A record that the text cuts off is
/// left out too, but for the first.
std::vector<Counts> count_records(std::string_view text) {
  std::vector<Counts> records;
  Counts counts{};
  bool quoted = false, blank = true;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (!quoted && (c == '\n' || c == '\r')) {
      if (!blank) records.push_back(counts);
      if (records.size() > kLinesLookedAt) return records;
      counts = {};
      blank = true;
      continue;
    }
    blank = false;
    for (std::size_t i = 0; !quoted && i < kSeparators.size(); ++i) {
      if (c == kSeparators[i].first) ++counts[i];
    }
  }
  if (records.empty() && !blank) records.push_back(counts);
  return records;
}

/// Letters and digits in lower case; what is not ASCII stays.
std::string bare(std::string_view name) {
  std::string result;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80) {
      result += c;
    } else if (std::isalnum(byte) != 0) {
      result += static_cast<char>(std::tolower(byte));
    }
  }
  return result;
}

}  // namespace

char find_separator(std::string_view text, char otherwise) {
  const std::vector<Counts> records = count_records(text);
  if (records.empty()) return otherwise;
  const Counts& header = records.front();
  std::size_t best = 0, best_alike = 0;
  for (std::size_t i = 0; i < kSeparators.size(); ++i) {
    if (header[i] == 0) continue;
    std::size_t alike = 1;  // the header is like itself
    for (std::size_t r = 1; r < records.size(); ++r) alike += records[r][i] == header[i] ? 1 : 0;
    if (alike < best_alike || (alike == best_alike && header[i] <= header[best])) continue;
    best = i;
    best_alike = alike;
  }
  return best_alike == 0 ? otherwise : kSeparators[best].first;
}

std::optional<char> declared_separator(std::string_view text, std::size_t& length) {
  const std::size_t end = text.find_first_of("\r\n");
  if (end == std::string_view::npos) return std::nullopt;
  std::string_view line = text.substr(0, end);
  if (line.size() > 2 && line.front() == '"' && line.back() == '"') {
    line = line.substr(1, line.size() - 2);
  }
  const auto is = [&](std::size_t at, char c) {
    return std::tolower(static_cast<unsigned char>(line[at])) == c;
  };
  if (line.size() != 5 || !is(0, 's') || !is(1, 'e') || !is(2, 'p') || !is(3, '=')) {
    return std::nullopt;
  }
  const auto separator = to_separator(line.substr(4));
  if (!separator) return std::nullopt;
  const bool two = text[end] == '\r' && end + 1 < text.size() && text[end + 1] == '\n';
  length = end + (two ? 2 : 1);
  return separator;
}

std::string separator_name(char separator) {
  for (const auto& [character, name] : kSeparators) {
    if (character == separator) return name;
  }
  return std::string("'") + separator + "'";
}

std::optional<char> to_separator(std::string_view word) {
  for (const auto& [character, name] : kSeparators) {
    if (word == name) return character;
  }
  if (word == "\\t") return '\t';
  if (word.size() != 1) return std::nullopt;
  const auto c = static_cast<unsigned char>(word.front());
  const bool fit = c == '\t' || (c >= ' ' && c < 127 && c != '"' && std::isalnum(c) == 0);
  return fit ? std::optional(word.front()) : std::nullopt;
}

std::optional<std::string> nearest_column(std::string_view name,
                                          const std::vector<std::string>& columns) {
  for (const std::string& column : columns) {
    if (column != name && bare(column) == bare(name)) return column;
  }
  return config::nearest(name, columns);
}

}  // namespace rehearse::csv
