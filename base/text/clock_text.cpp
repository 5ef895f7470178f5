#include "base/text/clock_text.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

namespace rehearse {

std::string clock_text(Time time) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  const std::int64_t seconds = time.ns / kSecond;
  std::string text =
      fmt::format("{:02}:{:02}:{:02}", seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
  if (const std::int64_t fraction = time.ns % kSecond; fraction != 0) {
    std::string digits = fmt::format("{:09}", fraction);
    digits.erase(digits.find_last_not_of('0') + 1);
    text += "." + digits;
  }
  const std::int64_t days = seconds / 86400;
  return days == 0 ? text : fmt::format("{}d {}", days, text);
}

namespace {

// Takes a whole number of at most `most` off the front.
std::optional<std::int64_t> take_number(std::string_view& text, std::int64_t most) {
  std::int64_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc{} || value < 0 || most < value) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

bool take(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

// ".5" as nanoseconds.
std::optional<Duration> take_fraction(std::string_view& text) {
  std::int64_t unit = 100'000'000;
  Duration fraction;
  do {
    if (text.empty() || text.front() < '0' || '9' < text.front() || unit == 0) return std::nullopt;
    fraction.ns += (text.front() - '0') * unit;
    unit /= 10;
    text.remove_prefix(1);
  } while (!text.empty());
  return fraction;
}

std::optional<Time> parse_duration(std::string_view text) {
  constexpr std::int64_t kMost = 1'000'000'000;  // of any unit but days
  constexpr std::pair<std::string_view, Duration> kUnits[] = {{"ms", Duration::milliseconds(1)},
                                                              {"s", Duration::seconds(1)},
                                                              {"m", Duration::minutes(1)},
                                                              {"h", Duration::hours(1)},
                                                              {"d", Duration::days(1)}};
  const auto count = take_number(text, kMost);
  for (const auto& [name, unit] : kUnits) {
    if (!count || text != name) continue;
    if (std::numeric_limits<std::int64_t>::max() / unit.ns < *count) return std::nullopt;
    return Time{} + unit * *count;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Time> parse_clock_text(std::string_view text) {
  if (const auto since_start = parse_duration(text)) return since_start;
  constexpr std::int64_t kMostDays = 100'000;
  Time time;
  auto number = take_number(text, kMostDays);
  if (number && take(text, "d ")) {
    time = time + Duration::days(*number);
    number = take_number(text, 23);
  }
  if (!number || kMostDays < *number || !take(text, ":")) return std::nullopt;
  const auto minutes = take_number(text, 59);
  if (!minutes) return std::nullopt;
  time = time + Duration::hours(*number) + Duration::minutes(*minutes);
  if (text.empty()) return time;
  if (!take(text, ":")) return std::nullopt;
  const auto seconds = take_number(text, 59);
  if (!seconds) return std::nullopt;
  time = time + Duration::seconds(*seconds);
  if (text.empty()) return time;
  if (!take(text, ".")) return std::nullopt;
  const auto fraction = take_fraction(text);
  if (!fraction) return std::nullopt;
  return time + *fraction;
}

std::string duration_text(double seconds) {
  const double size = std::abs(seconds);
  if (size == 0) return "0 s";
  if (size < 1e-6) return fmt::format("{:.3g} ns", seconds * 1e9);
  if (size < 1e-3) return fmt::format("{:.3g} us", seconds * 1e6);
  if (size < 1) return fmt::format("{:.3g} ms", seconds * 1e3);
  if (size < 120) return fmt::format("{:.3g} s", seconds);
  if (size < 7200) return fmt::format("{:.3g} min", seconds / 60);
  if (size < 172800) return fmt::format("{:.3g} h", seconds / 3600);
  return fmt::format("{:.4g} d", seconds / 86400);
}

}  // namespace rehearse
