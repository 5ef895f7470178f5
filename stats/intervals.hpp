// Confidence intervals for a mean and for a proportion. Each is nullopt where the data give none.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "stats/random.hpp"
#include "stats/sample.hpp"

namespace rehearse::stats {

struct Interval {
  double low = 0;
  double high = 0;
};

/// Student's interval for the mean; nullopt with fewer than two values.
std::optional<Interval> t_interval(Sample values, double confidence);

/// Percentile bootstrap of any statistic (Efron 1979); nullopt when there are no values.
std::optional<Interval> bootstrap_interval(Sample values,
                                           const std::function<double(Sample)>& statistic,
                                           double confidence, int resamples, Stream& stream);

/// Wilson's score interval (1927). REQUIRES: successes <= trials, trials > 0.
Interval wilson_interval(std::uint64_t successes, std::uint64_t trials, double confidence);

/// Exact interval of Clopper and Pearson (1934). REQUIRES: as above.
Interval exact_proportion_interval(std::uint64_t successes, std::uint64_t trials,
                                   double confidence);

}  // namespace rehearse::stats
