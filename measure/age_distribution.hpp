// The pooled, time-weighted distribution of age.
//
// While a copy is stale its age grows by one second a second, so an episode of staleness covers
// each age between its first and its last for equally long: a linear segment. The time spent at an
// age of at most x, over all entities, is the fresh time plus what the segments cover below x; that
// function is piecewise linear between the segments' ends, so one walk over the sorted ends gives
// every quantile exactly.
#pragma once

#include <cstdint>
#include <vector>

#include "base/time.hpp"
#include "measure/exact_sample.hpp"

namespace rehearse::measure {

class AgeDistribution {
 public:
  /// An entity's age ran from `low` to `high`. REQUIRES: 0 <= low <= high.
  void add(Duration low, Duration high);

  Duration max() const { return highs_.max(); }

  /// The smallest age x such that at least `percent` of the time `existing` (in ns, over all
  /// entities) was spent at ages of at most x. Time not covered by segments counts as age 0.
  /// Results are in the order of `percents`, which must rise. Seconds; 0 where nothing existed.
  std::vector<double> quantiles(const std::vector<int>& percents, Int128 existing) const;

 private:
  ExactSample lows_;
  ExactSample highs_;
};

}  // namespace rehearse::measure
