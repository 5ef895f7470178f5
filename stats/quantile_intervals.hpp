// Distribution-free confidence intervals for a quantile.
//
// The number of values at or below the true p-quantile of n independent values is binomial(n, p),
// so two order statistics enclose it with a probability that no assumption about the distribution
// is needed for (David and Nagaraja 2003, section 7.1). Each end misses with at most half of the
// allowed probability. A sample that is too small for its p has no such pair: 6 values are the
// fewest for the median at 95%, 36 for p = 0.9.
#pragma once

#include <cstddef>
#include <optional>

#include "stats/intervals.hpp"
#include "stats/sample.hpp"

namespace rehearse::stats {

/// Places in the sorted sample, counted from 0.
struct OrderPair {
  std::size_t low = 0;
  std::size_t high = 0;
};

/// The narrowest such pair for n values; nullopt when there is none. REQUIRES: 0 < p < 1,
/// 0 < confidence < 1.
std::optional<OrderPair> quantile_order_pair(std::size_t n, double p, double confidence);

/// The values at those places. REQUIRES: sorted.
std::optional<Interval> quantile_interval_sorted(Sample sorted_values, double p, double confidence);

}  // namespace rehearse::stats
