// Histograms of two samples over the same bins, for people to look at.
#pragma once

#include <cstddef>
#include <vector>

#include "stats/sample.hpp"

namespace rehearse::stats {

struct SharedHistogram {
  std::vector<double> edges;  ///< one more than bins; bin i is [edge i, edge i+1), the last closed
  std::vector<std::size_t> first, second;
  std::size_t first_below = 0, first_above = 0;  ///< values that are infinite
  std::size_t second_below = 0, second_above = 0;
};

/// Equal widths over the finite values of both; one bin where all are equal, none where there are
/// no finite values. NaN is counted nowhere.
SharedHistogram shared_histogram(Sample first, Sample second, std::size_t bins = 20);

}  // namespace rehearse::stats
