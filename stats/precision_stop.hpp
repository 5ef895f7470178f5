// When have enough independent runs been made? Stops a series of runs once the t-interval of their
// mean is narrow enough.
//
// After each value, from the kFirstLook-th on, the rule stops when the half-width h of Student's
// interval satisfies h <= d (absolute), or h <= g/(1+g) |mean| (relative, so that the error
// relative to the true mean, not to the estimate, is at most g; Law 2015, section 9.4.1).
//
// Guarantee: the interval covers the mean with a probability that tends to the confidence as the
// precision asked for gets finer, for any distribution with a variance (Chow and Robbins 1965; for
// relative precision Nadas 1969). It is not exact for a finite number of runs, since one stops
// where the spread happens to look small; tests/stats/precision_stop_test.cpp measures what is
// lost. The decision depends on the values and their order alone.
#pragma once

#include <cstddef>

#include "stats/moments.hpp"

namespace rehearse::stats {

struct Precision {
  double width = 0;       ///< half of the interval: absolute, or a share of the mean
  bool relative = false;  ///< width 0.05 means 5%
};

class PrecisionStop {
 public:
  static constexpr std::size_t kFirstLook = 10;

  /// REQUIRES: width > 0, 0 < confidence < 1.
  PrecisionStop(Precision precision, double confidence);

  /// True when no further value is wanted.
  bool add(double value);

  std::size_t count() const { return moments_.count(); }
  double mean() const { return moments_.mean(); }
  /// Half of the interval; 0 for fewer than two values.
  double half_width() const;
  /// The half-width at which it stops, at the present mean.
  double wanted() const;
  /// How many values will be needed in all if mean and spread stay as they are; at least count().
  double expected_count() const;

 private:
  Precision precision_;
  double confidence_;
  Moments moments_;
};

}  // namespace rehearse::stats
