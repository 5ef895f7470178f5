#include "world/trace_time.hpp"

#include <time.h>

#include <cassert>
#include <charconv>
#include <chrono>
#include <cmath>

#include "base/time.hpp"

namespace rehearse::world {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::optional<std::int64_t> in_range(Int128 value) {
  constexpr Int128 kMost = std::numeric_limits<std::int64_t>::max();
  if (value > kMost || value < -kMost) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

/// digits[.digits] times the unit, rounded half up; nullopt for any other text.
std::optional<Int128> exact_decimal(std::string_view text, std::int64_t unit) {
  constexpr std::size_t kMostDigits = 18;
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view fraction =
      point == text.npos ? std::string_view() : text.substr(point + 1);
  if (whole.size() + fraction.size() == 0 || whole.size() > kMostDigits ||
      fraction.size() > kMostDigits) {
    return std::nullopt;
  }
  Int128 value = 0;
  for (const char c : whole) {
    if (!is_digit(c)) return std::nullopt;
    value = value * 10 + (c - '0');
  }
  Int128 part = 0;
  Int128 scale = 1;
  for (const char c : fraction) {
    if (!is_digit(c)) return std::nullopt;
    part = part * 10 + (c - '0');
    scale *= 10;
  }
  return value * unit + (part * unit + scale / 2) / scale;
}

}  // namespace

std::int64_t unit_nanoseconds(std::string_view unit) {
  if (unit == "ns") return 1;
  if (unit == "us") return 1'000;
  if (unit == "ms") return 1'000'000;
  if (unit == "s") return kSecond;
  if (unit == "m") return 60 * kSecond;
  if (unit == "h") return 3600 * kSecond;
  assert(unit == "d");
  return 86400 * kSecond;
}

std::optional<std::int64_t> parse_number_of(std::string_view text, std::int64_t unit) {
  const bool negative = !text.empty() && text[0] == '-';
  if (const auto exact = exact_decimal(text.substr(negative ? 1 : 0), unit)) {
    return in_range(negative ? -*exact : *exact);
  }
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  const double value = number * static_cast<double>(unit);
  if (!(std::abs(value) < 9.2e18)) return std::nullopt;
  return std::llround(value);
}

std::optional<std::int64_t> parse_date(const std::string& text, const std::string& format) {
  tm fields = {};
  fields.tm_mday = 1;
  const char* rest = strptime(text.c_str(), format.c_str(), &fields);
  if (rest == nullptr) return std::nullopt;
  std::int64_t fraction = 0;
  if (*rest == '.' && is_digit(rest[1])) {
    std::int64_t digit_value = kSecond / 10;
    for (++rest; is_digit(*rest); ++rest, digit_value /= 10)
      fraction += digit_value * (*rest - '0');
  }
  if (*rest != '\0') return std::nullopt;
  using namespace std::chrono;
  const year_month_day day{year{fields.tm_year + 1900},
                           month{static_cast<unsigned>(fields.tm_mon) + 1},
                           std::chrono::day{static_cast<unsigned>(fields.tm_mday)}};
  if (!day.ok()) return std::nullopt;
  const std::int64_t seconds = sys_days{day}.time_since_epoch().count() * std::int64_t{86400} +
                               fields.tm_hour * 3600 + fields.tm_min * 60 + fields.tm_sec;
  return in_range(static_cast<Int128>(seconds) * kSecond + fraction);
}

}  // namespace rehearse::world
