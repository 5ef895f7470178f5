#include "app/cells.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <string_view>

#include "base/error.hpp"
#include "base/utf8.hpp"

namespace rehearse::app {
namespace {

constexpr std::array<std::string_view, 8> kMissing = {"",    "NA",   "N/A",  "NaN",
                                                      "nan", "NULL", "null", "None"};

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace

bool is_missing(const std::string& cell) {
  return std::find(kMissing.begin(), kMissing.end(), trimmed(cell)) != kMissing.end();
}

std::optional<double> to_number(const std::string& cell) {
  std::string_view text = trimmed(cell);
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

double number_at(const std::string& cell, const CellPlace& place, const std::string& advice) {
  if (is_missing(cell)) return std::numeric_limits<double>::quiet_NaN();
  if (const auto value = to_number(cell)) return *value;
  throw InputError(Where{place.file, "", place.line, place.index + 1},
                   "column \"" + printable(place.column) + "\": \"" + printable(cell) +
                       "\"; a number or nothing is due" + advice);
}

std::map<std::string, std::vector<double>> read_numbers(const std::filesystem::path& path,
                                                        const std::vector<std::string>& columns) {
  csv::Reader reader(path);
  struct Column {
    std::size_t index;
    std::vector<double>* values;
  };
  std::map<std::string, std::vector<double>> result;
  std::vector<Column> wanted;
  const std::vector<std::string>& header = reader.header();
  for (const std::string& name : columns) {
    const auto found = std::find(header.begin(), header.end(), name);
    if (found == header.end()) continue;
    wanted.push_back({static_cast<std::size_t>(found - header.begin()), &result[name]});
  }
  csv::Row row;
  while (reader.next(row)) {
    for (const Column& column : wanted) {
      column.values->push_back(number_at(
          row.cells[column.index], {path.string(), header[column.index], row.line, column.index}));
    }
  }
  return result;
}

}  // namespace rehearse::app
