#include "world/trace_time.hpp"

#include <time.h>

#include <cassert>
#include <charconv>
#include <chrono>
#include <cmath>
#include <limits>

#include "base/time.hpp"

namespace rehearse::world {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::string_view kIso8601 = "iso8601";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::optional<std::int64_t> in_range(Int128 value) {
  constexpr Int128 kMost = std::numeric_limits<std::int64_t>::max();
  if (value > kMost || value < -kMost) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

/// digits[.digits] times the unit, rounded half up; nullopt for any other text.
std::optional<Int128> exact_decimal(std::string_view text, std::int64_t unit) {
  constexpr std::size_t kMostDigits = 19;  // nanoseconds since 1970 have as many
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

/// A point or a comma and digits at `at`, as nanoseconds; cut out of the text.
std::int64_t take_fraction(std::string& text, std::size_t at) {
  std::int64_t fraction = 0;
  std::size_t end = at + 1;
  for (std::int64_t value = kSecond / 10; end < text.size() && is_digit(text[end]); ++end) {
    fraction += value * (text[end] - '0');
    value /= 10;
  }
  text.erase(at, end - at);
  return fraction;
}

bool starts_fraction(std::string_view text) {
  return text.size() > 1 && (text[0] == '.' || text[0] == ',') && is_digit(text[1]);
}

/// The format up to and with its seconds; all of it where it has none.
std::string up_to_seconds(const std::string& format) {
  for (std::size_t i = 0; i + 1 < format.size(); ++i) {
    if (format[i] != '%') continue;
    const char conversion = format[++i];
    if (conversion == 'S' || conversion == 'T' || conversion == 'X') return format.substr(0, i + 1);
  }
  return format;
}

tm no_date() {
  tm fields = {};
  fields.tm_mday = 1;
  fields.tm_year = 72;  // for dates without a year: one that has every day
  return fields;
}

/// Takes the fraction out of a text whose seconds have one, which strptime cannot read.
std::int64_t cut_fraction(std::string& text, const std::string& format) {
  if (text.find_first_of(".,") == text.npos) return 0;
  const std::string head = up_to_seconds(format);
  tm ignored = no_date();
  const char* rest = strptime(text.c_str(), head.c_str(), &ignored);
  if (rest == nullptr || !starts_fraction(rest)) return 0;
  if (format.size() > head.size() && format[head.size()] == *rest) return 0;  // it is spelt out
  return take_fraction(text, static_cast<std::size_t>(rest - text.c_str()));
}

std::optional<Int128> whole_seconds(const std::string& text, const char* format) {
  tm fields = no_date();
  const char* rest = strptime(text.c_str(), format, &fields);
  if (rest == nullptr || *rest != '\0') return std::nullopt;
  using namespace std::chrono;
  const year_month_day day{year{fields.tm_year + 1900},
                           month{static_cast<unsigned>(fields.tm_mon) + 1},
                           std::chrono::day{static_cast<unsigned>(fields.tm_mday)}};
  constexpr long kDay = 86400;
  if (!day.ok() || std::abs(fields.tm_gmtoff) >= kDay) return std::nullopt;
  return Int128{sys_days{day}.time_since_epoch().count()} * kDay + fields.tm_hour * 3600 +
         fields.tm_min * 60 + fields.tm_sec - fields.tm_gmtoff;
}

std::optional<std::int64_t> parse_strptime(std::string text, const std::string& format) {
  const std::int64_t fraction = cut_fraction(text, format);
  const auto seconds = whole_seconds(text, format.c_str());
  if (!seconds) return std::nullopt;
  return in_range(*seconds * kSecond + fraction);
}

std::optional<std::int64_t> parse_iso8601(std::string text) {
  constexpr std::size_t kDay = 10;
  if (text.size() > kDay && (text[kDay] == ' ' || text[kDay] == 't')) text[kDay] = 'T';
  if (!text.empty() && text.back() == 'z') text.back() = 'Z';
  for (const char* format : {"%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M%z",
                             "%Y-%m-%dT%H:%M", "%Y-%m-%d"}) {
    if (const auto date = parse_strptime(text, format)) return date;
  }
  return std::nullopt;
}

/// Throws where a format has a conversion that strptime lacks, ignores, or reads by the machine.
void check_format(const config::Node& node, const std::string& format) {
  constexpr std::string_view kKnown = "aAbBhcCdDeFHIjklmMnprRStTUwWxXyYz%";
  if (format == kIso8601) return;
  if (format.find('%') == format.npos) {
    config::fail(node, config::shown(node) + R"(; "iso8601" or a format as %Y-%m-%d is needed)");
  }
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%') continue;
    const char conversion = ++i < format.size() ? format[i] : '\0';
    if (conversion != '\0' && kKnown.find(conversion) != kKnown.npos) continue;
    std::string advice;
    if (conversion == 'Z') advice = "; zones are read by %z, as Z, +0900 or +09:00";
    if (conversion == 's') advice = R"(; seconds since 1970 are numbers with "unit": "s")";
    if (conversion == 'f' || conversion == 'N' || conversion == 'L') {
      advice = "; a fraction is read with the seconds of %S";
    }
    config::fail(node,
                 config::shown(node) + "; no date is read by " + format.substr(i - 1, 2) + advice);
  }
}

}  // namespace

TimeNotation read_notation(config::Object& object) {
  TimeNotation notation;
  notation.format = object.string("format", "");
  const config::Node* unit = object.find("unit");
  if (notation.dated()) {
    if (unit != nullptr) config::fail(*unit, "a date has no unit");
    check_format(*object.find("format"), notation.format);
  } else {
    notation.unit =
        unit_nanoseconds(object.choice("unit", "s", {"ns", "us", "ms", "s", "m", "h", "d"}));
  }
  return notation;
}

std::optional<std::int64_t> parse_time(const TimeNotation& notation, const std::string& text) {
  return notation.dated() ? parse_date(text, notation.format)
                          : parse_number_of(text, notation.unit);
}

std::string time_problem(const TimeNotation& notation, const std::string& text) {
  if (notation.dated()) return "a date like " + notation.format + " is needed";
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size() && std::isfinite(number)) {
    return R"(which is over 292 years; "unit" is one of ns, us, ms, s, m, h, d)";
  }
  const bool date_like = parse_iso8601(text).has_value();
  return date_like ? R"(a number is needed, or "format": "iso8601" in "time")"
                   : "a number is needed";
}

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
  return format == kIso8601 ? parse_iso8601(text) : parse_strptime(text, format);
}

}  // namespace rehearse::world
