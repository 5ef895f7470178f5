// Arithmetic on values near the ends of what a double holds.
//
// A difference of two values, or their sum, may be too large for a double where both are not; what
// is compared then is infinite or NaN, and NaN compares as a pass. Divided by a power of two first,
// which is exact but for the smallest of them, the results exist.
#pragma once

#include <initializer_list>
#include <vector>

#include "stats/sample.hpp"

namespace rehearse::rollout {

class Scaling {
 public:
  /// So that sums, products by small factors and differences of differences exist.
  static Scaling for_differences(std::initializer_list<stats::Sample> samples);
  /// So that sums of squares of differences exist too.
  static Scaling for_squares(std::initializer_list<stats::Sample> samples);

  bool needed() const { return exponent_ > 0; }
  std::vector<double> apply(stats::Sample values) const;
  /// A result in the values' own unit; the largest double where it is finite and larger.
  double restore(double result) const;

 private:
  static Scaling to(std::initializer_list<stats::Sample> samples, int from, int to);

  int exponent_ = 0;  ///< of the power of two that values are divided by
};

}  // namespace rehearse::rollout
