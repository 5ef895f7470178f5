// An exact sum of 128-bit integers whose total may need more than 128 bits.
//
// Age is integrated over time and pooled over entities: a million entities that stay stale for a
// year have an age integral of 5e38 ns^2, more than 128 bits hold. Each addend is split at bit 64
// and the halves are summed apart, which leaves room for 2^63 addends.
#pragma once

#include <cstdint>

#include "base/time.hpp"

namespace rehearse::measure {

class WideSum {
 public:
  constexpr void add(Int128 value) {
    high_ += value >> 64;
    low_ += static_cast<Int128>(static_cast<std::uint64_t>(value));
  }

  constexpr WideSum operator-(const WideSum& other) const {
    WideSum difference;
    difference.high_ = high_ - other.high_;
    difference.low_ = low_ - other.low_;
    return difference;
  }

  /// The total, rounded once more than a double needs.
  long double value() const {
    return static_cast<long double>(high_) * 0x1p64L + static_cast<long double>(low_);
  }

  constexpr bool operator==(const WideSum& other) const {
    return high_ + (low_ >> 64) == other.high_ + (other.low_ >> 64) &&
           static_cast<std::uint64_t>(low_) == static_cast<std::uint64_t>(other.low_);
  }

 private:
  Int128 high_ = 0;
  Int128 low_ = 0;
};

}  // namespace rehearse::measure
