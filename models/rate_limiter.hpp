// A token bucket as the generic cell rate algorithm keeps it: one date, whole nanoseconds.
//
// `full_at_` is when the bucket will be full again. A call is let through when at least one token
// is in, which is when full_at_ is at most (burst - 1) intervals ahead of now.
#pragma once

#include <algorithm>
#include <cassert>
#include <optional>

#include "base/time.hpp"

namespace rehearse::models {

class RateLimiter {
 public:
  /// REQUIRES: rate.count > 0, burst >= 1. Starts full.
  RateLimiter(Rate rate, std::int64_t burst)
      : interval_(std::max(rate.interval().ns, std::int64_t{1})), slack_(interval_ * (burst - 1)) {
    assert(rate.count > 0 && burst >= 1);
  }

  /// Takes a token. nullopt when there was one, else how long until there is.
  std::optional<Duration> refuse(Time now) {
    const Int128 ahead = full_at_ - now.ns;
    // Less than an interval: taking a token leaves at most slack_ + interval_ to be refilled.
    if (ahead > slack_) return Duration{static_cast<std::int64_t>(ahead - slack_)};
    full_at_ = std::max(full_at_, Int128{now.ns}) + interval_;
    return std::nullopt;
  }

 private:
  // Nanoseconds; a bucket of slow and many tokens takes longer to fill than 64 bits can say.
  Int128 interval_;
  Int128 slack_;
  Int128 full_at_ = 0;
};

}  // namespace rehearse::models
