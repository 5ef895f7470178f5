// Two samples taken in pairs, as by common random numbers: their mean difference (paired t-test,
// Student 1908) and how much the pairs have in common (Pearson's correlation).
#pragma once

#include "stats/intervals.hpp"
#include "stats/sample.hpp"

namespace rehearse::stats {

struct PairedDifference {
  double mean_a = 0;
  double mean_b = 0;
  double mean = 0;         ///< of b minus a
  Interval interval;       ///< Student's, of that mean
  double p_value = 1;      ///< of no difference, two-sided; 0 or 1 where all pairs differ alike
  double correlation = 0;  ///< of a and b over the pairs
};

/// REQUIRES: as many of both, two at least; 0 < confidence < 1.
PairedDifference paired_difference(Sample a, Sample b, double confidence);

/// Pearson's correlation; 0 where either does not vary. REQUIRES: as many of both, two at least.
double correlation(Sample a, Sample b);

}  // namespace rehearse::stats
