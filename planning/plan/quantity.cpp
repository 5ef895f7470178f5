// Single values of a parameter: text to amount and back.
#include <fmt/format.h>

#include <cassert>
#include <charconv>
#include <cmath>

#include "planning/sweep/pointers.hpp"

namespace rehearse::planning {
namespace {

constexpr double kNanosecond = 1e-9;

// Amount of one unit of the suffix: "/m" is 1/60, "m" is 60, "" is 1.
double amount_of_one(const Parameter& parameter) {
  config::Node node;
  node.kind = config::Kind::string;
  node.text = "1" + parameter.suffix;
  if (parameter.unit == Unit::rate) return config::to_rate(node).per_second();
  if (parameter.unit == Unit::duration) return config::to_duration(node).to_seconds();
  return 1;
}

// Plain decimals where they are short, since the parsers of durations know no exponents.
std::string decimal(double value) {
  std::string text = fmt::format("{:.9f}", value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text == "-0" ? "0" : text;
}

double rounded(double value, int digits) {
  const std::string text = fmt::format("{:.{}e}", value, digits - 1);
  double result = 0;
  std::from_chars(text.data(), text.data() + text.size(), result);
  return result;
}

// The duration in whole nanoseconds, in its suffix where that is exact, else in nanoseconds.
std::string duration_text(double seconds, const Parameter& parameter) {
  const double one = amount_of_one(parameter);
  const std::string text = decimal(seconds / one) + parameter.suffix;
  config::Node node;
  node.kind = config::Kind::string;
  node.text = text;
  try {
    if (std::abs(config::to_duration(node).to_seconds() - seconds) < kNanosecond) return text;
  } catch (const InputError&) {  // a fraction of a nanosecond
  }
  return fmt::format("{}ns", std::llround(seconds / kNanosecond));
}

std::optional<double> plain_number(std::string_view text) {
  double number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end || !std::isfinite(number)) return std::nullopt;
  return number;
}

}  // namespace

Quantity read_quantity(std::string_view text, const Where& where) {
  Quantity quantity;
  quantity.value.text = text;
  if (const std::optional<double> number = plain_number(text)) {
    quantity.value.amount = number;
    quantity.unit = Unit::number;
    return quantity;
  }
  const std::size_t digits = text.find_first_not_of("0123456789.eE+-");
  if (text.empty() || digits == std::string_view::npos || digits == 0 ||
      !plain_number(text.substr(0, digits))) {
    return quantity;
  }
  config::Node node;
  node.kind = config::Kind::string;
  node.text = text;
  node.where = where;
  quantity.suffix = text.substr(digits);
  if (quantity.suffix.starts_with('/')) {
    quantity.value.amount = config::to_rate(node).per_second();
    quantity.unit = Unit::rate;
  } else {
    quantity.value.amount = config::to_duration(node).to_seconds();
    quantity.unit = Unit::duration;
  }
  return quantity;
}

Value make_value(const Parameter& parameter, double amount, int digits) {
  assert(parameter.unit != Unit::word && digits >= 1 && digits <= 17);
  switch (parameter.unit) {
    case Unit::duration: {
      const double one = amount_of_one(parameter);
      const double seconds =
          std::round(rounded(amount / one, digits) * one / kNanosecond) * kNanosecond;
      const std::string text = duration_text(seconds, parameter);
      return read_quantity(text, {}).value;
    }
    case Unit::rate: {
      const double count = rounded(amount / amount_of_one(parameter), digits);
      return read_quantity(fmt::format("{}{}", count, parameter.suffix), {}).value;
    }
    case Unit::whole:
      return {fmt::format("{:.0f}", std::round(amount)), std::round(amount)};
    default:
      return {fmt::format("{}", rounded(amount, digits)), rounded(amount, digits)};
  }
}

std::string_view unit_label(Unit unit) {
  switch (unit) {
    case Unit::rate:
      return "per second";
    case Unit::duration:
      return "seconds";
    default:
      return "";
  }
}

}  // namespace rehearse::planning
