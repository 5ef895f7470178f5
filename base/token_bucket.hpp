// A token bucket with continuous refill, in exact arithmetic.
//
// Kept as the generic cell rate algorithm (ITU-T I.371) does: one number, the time at which the
// bucket will be full again. A token is there when that is at most (burst - 1) intervals away, and
// taking one moves it on by an interval. With burst 1 and work waiting, starts are
// max(arrival, previous start + interval). Times are nanoseconds with 32 fractional bits, so that
// an interval that is no whole number of nanoseconds (3/s) does not drift: the n-th start of a
// backlog is n intervals after the first, rounded up, and never a nanosecond early.
#pragma once

#include <optional>

#include "base/time.hpp"

namespace rehearse {

class TokenBucket {
 public:
  /// No limit: a token is always there.
  TokenBucket() = default;
  /// Full at time 0. A rate of 0 never refills; nullopt is no limit. REQUIRES: burst >= 1.
  TokenBucket(const std::optional<Rate>& rate, double burst);

  /// The first moment at which a token is there; Time{0} when that is past knowing.
  Time earliest() const;
  /// The first moment at which the bucket is full.
  Time full() const;
  /// REQUIRES: now >= earliest().
  void take(Time now);
  /// Takes a token. nullopt when there was one, else how long until there is.
  std::optional<Duration> refuse(Time now);

 private:
  Int128 interval_ = 0;   ///< 0: no limit
  Int128 tolerance_ = 0;  ///< (burst - 1) intervals
  Int128 full_ = 0;       ///< when the bucket is full again
};

}  // namespace rehearse
