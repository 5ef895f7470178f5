// What the statistical functions work on: a span of doubles.
//
// Functions take spans so that callers keep their own storage. Unless a comment says otherwise the
// values are finite (NaN has been taken out before) and unsorted; `sorted` functions REQUIRE
// ascending order. Sums run in index order with plain loops: Eigen's vectorised reductions start at
// the first aligned address, so their rounding would depend on where an array happens to lie.
#pragma once

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

namespace rehearse::stats {

using Sample = std::span<const double>;

inline std::vector<double> sorted(Sample values) {
  std::vector<double> copy(values.begin(), values.end());
  std::sort(copy.begin(), copy.end());
  return copy;
}

/// Of values in ascending order those that are not infinite.
inline Sample finite_sorted(Sample values) {
  const auto first = std::upper_bound(values.begin(), values.end(), -HUGE_VAL);
  return {first, std::lower_bound(first, values.end(), HUGE_VAL)};
}

}  // namespace rehearse::stats
