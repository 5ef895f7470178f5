#include "base/token_bucket.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace rehearse {
namespace {

constexpr int kFraction = 32;
constexpr Int128 kNever = static_cast<Int128>(Time::never().ns) << kFraction;
constexpr double kMaxBurst = 1e9;  // keeps burst intervals of 292 years within 128 bits

/// per / count. A count written in decimal (0.1, 2.5) is taken as that fraction, not as the double
/// nearest to it.
Int128 interval_of(const Rate& rate) {
  if (!(rate.count > 0)) return kNever;
  Int128 per = static_cast<Int128>(rate.per.ns) << kFraction;
  double count = rate.count;
  for (int decimals = 0; decimals < 9; ++decimals, count *= 10, per *= 10) {
    const double whole = std::round(count);
    if (whole >= 1 && whole < 9e15 && std::abs(count - whole) <= 1e-15 * count) {
      return std::min(kNever, per / static_cast<Int128>(whole));
    }
  }
  const double interval = std::ldexp(static_cast<double>(rate.per.ns) / rate.count, kFraction);
  return interval < static_cast<double>(kNever) ? static_cast<Int128>(interval) : kNever;
}

/// The first whole nanosecond not before `at`.
Time round_up(Int128 at) {
  const Int128 ns = (at + ((static_cast<Int128>(1) << kFraction) - 1)) >> kFraction;
  if (ns >= Time::never().ns) return Time::never();
  return {static_cast<std::int64_t>(std::max<Int128>(0, ns))};
}

}  // namespace

TokenBucket::TokenBucket(const std::optional<Rate>& rate, double burst) {
  if (!rate) return;
  assert(burst >= 1);
  interval_ = interval_of(*rate);
  const double spare = std::min(burst, kMaxBurst) - 1;
  const double whole = std::floor(spare);
  // The whole part exactly; the rest to 2^-20 of an interval.
  tolerance_ = static_cast<Int128>(whole) * interval_ +
               ((static_cast<Int128>((spare - whole) * 0x1p20) * (interval_ >> 8)) >> 12);
}

Time TokenBucket::earliest() const {
  if (interval_ == 0) return {};
  return round_up(full_ - tolerance_);
}

Time TokenBucket::full() const { return interval_ == 0 ? Time{} : round_up(full_); }

void TokenBucket::take(Time now) {
  if (interval_ == 0) return;
  assert(now >= earliest());
  const Int128 at = static_cast<Int128>(now.ns) << kFraction;
  // A start in the nanosecond in which the bucket filled happened when it filled: rounding it up
  // would add up to a nanosecond to each interval.
  if (at - full_ >= (static_cast<Int128>(1) << kFraction)) full_ = at;
  full_ += interval_;
}

std::optional<Duration> TokenBucket::refuse(Time now) {
  const Time there = earliest();
  if (there > now) return there - now;
  take(now);
  return std::nullopt;
}

}  // namespace rehearse
