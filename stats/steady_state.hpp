// One long run: where its start-up ends, and how sure its mean is.
//
// MSER-5 (White 1997; White, Cobb and Spratt 2000) looks at means of 5 successive observations and
// leaves out the first d of them for which the standard error of the rest is least. When the least
// is not within the first half, the series has not settled and the run is too short.
//
// Batch means (Schmeiser 1982): the rest is cut into k equal batches whose means are nearly
// independent when the batches are long beside the correlation, so that Student's interval over
// them holds. Whether they are long enough shows in their lag-1 correlation: Fishman's (1978) test
// with von Neumann's ratio. Tried are 40, 20 and 10 batches, the first whose correlation is not
// significant (one-sided, 5%).
#pragma once

#include <cstddef>
#include <optional>

#include "stats/intervals.hpp"
#include "stats/sample.hpp"

namespace rehearse::stats {

struct Truncation {
  std::size_t observations = 0;  ///< to leave out at the start: a multiple of 5
  bool settled = true;           ///< false: no end of the start-up in the first half
};

/// nullopt for fewer than 20 observations.
std::optional<Truncation> mser5(Sample series);

struct BatchMeans {
  std::size_t batches = 0;
  double mean = 0;
  Interval interval;
  double lag1 = 0;          ///< correlation of neighbouring batches
  bool independent = true;  ///< false: even the longest batches are correlated; do not trust it
};

/// Of a series of averages over equal times. What does not fill a batch is left out at the start.
/// nullopt for fewer than 20 observations.
std::optional<BatchMeans> batch_means(Sample series, double confidence);

/// Estimate of the lag-1 correlation; 0 for a constant series. REQUIRES: not empty.
double lag1_correlation(Sample values);

}  // namespace rehearse::stats
