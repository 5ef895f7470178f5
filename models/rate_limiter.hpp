// A token bucket as the generic cell rate algorithm keeps it: one date, whole nanoseconds.
//
// `full_at_` is when the bucket will be full again. A call is let through when at least one token
// is in, which is when full_at_ is at most (burst - 1) intervals ahead of now.
#pragma once

#include <algorithm>
#include <optional>

#include "base/time.hpp"

namespace rehearse::models {

class RateLimiter {
 public:
  /// REQUIRES: rate.count > 0, burst >= 1. Starts full.
  RateLimiter(Rate rate, std::int64_t burst)
      : interval_(std::max(rate.interval(), Duration{1})), slack_(interval_ * (burst - 1)) {}

  /// Takes a token. nullopt when there was one, else how long until there is.
  std::optional<Duration> refuse(Time now) {
    const Duration ahead = full_at_ - now;
    if (ahead > slack_) return ahead - slack_;
    full_at_ = std::max(full_at_, now) + interval_;
    return std::nullopt;
  }

 private:
  Duration interval_;
  Duration slack_;
  Time full_at_;
};

}  // namespace rehearse::models
