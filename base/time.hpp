// Simulated time, durations and rates.
//
// Time is an integer count of nanoseconds since the start of a run, so sums do not depend on their
// order and two runs agree to the bit. 64 bits reach 292 years. Time integrals (durations times
// counts) are 128-bit integers until the last division. Doubles appear only at the borders: where
// SimGrid wants seconds and where a result is printed.
#pragma once

#include <cassert>
#include <compare>
#include <cstdint>
#include <limits>

namespace rehearse {

__extension__ typedef __int128 Int128;

/// A span of simulated time in nanoseconds; may be negative as a difference.
struct Duration {
  std::int64_t ns = 0;

  static constexpr Duration seconds(std::int64_t s) { return {s * 1'000'000'000}; }
  static constexpr Duration milliseconds(std::int64_t ms) { return {ms * 1'000'000}; }
  static constexpr Duration microseconds(std::int64_t us) { return {us * 1'000}; }
  static constexpr Duration minutes(std::int64_t m) { return seconds(60 * m); }
  static constexpr Duration hours(std::int64_t h) { return minutes(60 * h); }
  static constexpr Duration days(std::int64_t d) { return hours(24 * d); }
  /// The nearest whole nanosecond to `s` seconds. REQUIRES: |s| < 9.2e9.
  static Duration from_seconds(double s);

  constexpr double to_seconds() const { return static_cast<double>(ns) / 1e9; }
  constexpr auto operator<=>(const Duration&) const = default;
};

/// An instant: nanoseconds since the start of the run.
struct Time {
  std::int64_t ns = 0;

  /// Later than every instant of a run.
  static constexpr Time never() { return {std::numeric_limits<std::int64_t>::max()}; }
  constexpr double to_seconds() const { return static_cast<double>(ns) / 1e9; }
  constexpr auto operator<=>(const Time&) const = default;
};

constexpr Duration operator+(Duration a, Duration b) { return {a.ns + b.ns}; }
constexpr Duration operator-(Duration a, Duration b) { return {a.ns - b.ns}; }
constexpr Duration operator*(Duration a, std::int64_t n) { return {a.ns * n}; }
constexpr Duration operator/(Duration a, std::int64_t n) { return {a.ns / n}; }
constexpr std::int64_t operator/(Duration a, Duration b) { return a.ns / b.ns; }
constexpr Time operator+(Time t, Duration d) { return {t.ns + d.ns}; }
constexpr Time operator-(Time t, Duration d) { return {t.ns - d.ns}; }
constexpr Duration operator-(Time a, Time b) { return {a.ns - b.ns}; }

/// How often something happens: `count` times per `per`. Kept as the scenario wrote it, so that the
/// spacing of a token bucket is exact. A rate of count 0 never happens.
struct Rate {
  double count = 0;
  Duration per = Duration::seconds(1);

  double per_second() const { return count / per.to_seconds(); }
  /// Mean time between two occurrences, to the nearest nanosecond. REQUIRES: count > 0.
  Duration interval() const {
    assert(count > 0);
    return Duration::from_seconds(per.to_seconds() / count);
  }
};

}  // namespace rehearse
