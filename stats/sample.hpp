// What the statistical functions work on: a span of doubles.
//
// Functions take spans so that callers keep their own storage. Unless a comment says otherwise the
// values are finite (NaN has been taken out before) and unsorted; `sorted` functions REQUIRE
// ascending order. Sums run in index order with plain loops: Eigen's vectorised reductions start at
// the first aligned address, so their rounding would depend on where an array happens to lie.
#pragma once

#include <algorithm>
#include <span>
#include <vector>

namespace rehearse::stats {

using Sample = std::span<const double>;

inline std::vector<double> sorted(Sample values) {
  std::vector<double> copy(values.begin(), values.end());
  std::sort(copy.begin(), copy.end());
  return copy;
}

}  // namespace rehearse::stats
