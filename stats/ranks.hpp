// Ranks with ties sharing their mean rank.
#pragma once

#include <vector>

#include "stats/sample.hpp"

namespace rehearse::stats {

/// The mid-rank of each value, 1-based, in the order of `values`.
std::vector<double> mid_ranks(Sample values);

/// Sum of t^3 - t over groups of t equal values. REQUIRES: sorted.
double tie_sum_sorted(Sample sorted_values);

/// Two samples counted against each other.
struct PairCounts {
  double wins = 0;  ///< pairs with x > y, plus half of those with x = y
  double ties = 0;  ///< sum of t^3 - t over the tie groups of the pooled sample
};

/// Counts (x_i - shift, y_j). REQUIRES: both sorted. Takes time proportional to their sizes.
PairCounts count_pairs(Sample sorted_x, Sample sorted_y, double shift = 0);

}  // namespace rehearse::stats
