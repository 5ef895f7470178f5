#include "base/csv_cells.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <optional>

#include "base/error.hpp"
#include "base/text/utf8.hpp"

namespace rehearse::csv {
namespace {

constexpr std::array<std::string_view, 13> kMissing = {
    "", "NA", "N/A", "#N/A", "<NA>", "n/a", "NaN", "nan", "NAN", "NULL", "null", "Null", "None"};

bool is_missing(std::string_view trimmed_text) {
  return std::find(kMissing.begin(), kMissing.end(), trimmed_text) != kMissing.end();
}

std::optional<double> parse(std::string_view text) {
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size()) return std::nullopt;
  // Beyond what a double holds: infinite, or 0 when too small.
  if (error == std::errc::result_out_of_range)
    return std::strtod(std::string(text).c_str(), nullptr);
  if (error != std::errc{}) return std::nullopt;
  return value;
}

std::optional<double> parse(std::string_view text, char decimal) {
  if (decimal == '.') return parse(text);
  if (text.find('.') != std::string_view::npos) return std::nullopt;
  std::string with_point(text);
  std::replace(with_point.begin(), with_point.end(), decimal, '.');
  return parse(with_point);
}

bool digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

Cell read_cell(std::string_view text, char decimal) {
  const std::string_view inner = trimmed(text);
  if (is_missing(inner)) return {CellKind::missing, 0};
  const auto value = parse(inner, decimal);
  if (!value) return {CellKind::text, 0};
  if (std::isnan(*value)) return {CellKind::missing, 0};
  return {CellKind::number, *value};
}

std::string label_of(std::string_view text) {
  std::string_view inner = trimmed(text);
  std::string_view number = inner;
  if (number.starts_with('+')) number.remove_prefix(1);
  const bool negative = number.starts_with('-');
  if (negative) number.remove_prefix(1);
  const std::size_t point = number.find('.');
  const std::string_view whole = number.substr(0, point);
  if (!digits(whole)) return std::string(inner);
  std::string label = std::string(negative ? "-" : "") + std::string(whole);
  if (point != std::string_view::npos) {
    std::string_view fraction = number.substr(point + 1);
    if (!fraction.empty() && !digits(fraction)) return std::string(inner);
    while (fraction.ends_with('0')) fraction.remove_suffix(1);
    if (!fraction.empty()) label += "." + std::string(fraction);
  }
  return label == "-0" ? "0" : label;
}

bool has_other_decimal(std::string_view text, char decimal) {
  const std::string_view inner = trimmed(text);
  const char other = decimal == '.' ? ',' : '.';
  return inner.find(other) != std::string_view::npos && !parse(inner, decimal) &&
         parse(inner, other);
}

std::string decimal_advice(std::string_view text, char decimal) {
  if (!has_other_decimal(text, decimal)) return "";
  return decimal == '.' ? "; with decimal commas, give --decimal ,"
                        : "; with decimal points, leave out --decimal ,";
}

void refuse_text(std::string_view text, const CellPlace& place, char decimal,
                 const std::string& advice) {
  throw InputError(Where{place.file, "", place.line, place.index + 1},
                   "column \"" + printable(place.column) + "\": \"" + printable(text) +
                       "\"; a number or nothing is due" + decimal_advice(text, decimal) + advice);
}

double number_at(std::string_view text, char decimal, const CellPlace& place,
                 const std::string& advice) {
  const Cell cell = read_cell(text, decimal);
  if (cell.kind == CellKind::text) refuse_text(text, place, decimal, advice);
  return cell.kind == CellKind::number ? cell.value : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace rehearse::csv
