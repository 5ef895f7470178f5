#include "reports/clock_text.hpp"

#include <fmt/format.h>

#include <cmath>

namespace rehearse::reports {

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

}  // namespace rehearse::reports
