// Tests of whether two samples come from one distribution, and of counts against expectations.
// Every result is nullopt where the test is not defined on the data, never NaN.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "stats/sample.hpp"

namespace rehearse::stats {

struct TestResult {
  double statistic = 0;
  double p_value = 1;
};

struct Welch {
  double t = 0;
  double df = 0;
  double p_value = 1;  ///< two-sided
  double difference = 0;
  double low = 0;  ///< interval of the difference at the confidence asked for
  double high = 0;
};

/// Welch's t test of mean(x) - mean(y). nullopt with fewer than two values in a sample or no
/// variance in both.
std::optional<Welch> welch(Sample x, Sample y, double confidence = 0.95);

/// Two-sample Kolmogorov-Smirnov. `p_value` is SciPy's "asymp", `limit_p_value` the classical limit
/// (kolmogorov.hpp).
struct KolmogorovSmirnov {
  double statistic = 0;
  double p_value = 1;
  double limit_p_value = 1;
};

/// REQUIRES: both sorted. nullopt when one is empty.
std::optional<KolmogorovSmirnov> kolmogorov_smirnov_sorted(Sample x, Sample y);
double kolmogorov_smirnov_statistic_sorted(Sample x, Sample y);

/// How far x reaches beyond y and falls short of it: the largest values of F_y - F_x and F_x - F_y.
struct OneSidedDistances {
  double above = 0;  ///< large where x holds larger values than y
  double below = 0;
};
OneSidedDistances one_sided_distances_sorted(Sample x, Sample y);

/// The exact permutation p-value of a two-sided distance of at least `statistic`, given the ties;
/// takes time proportional to the product of the sizes. REQUIRES: both sorted and not empty.
double kolmogorov_smirnov_exact_p_sorted(Sample x, Sample y, double statistic);

/// Two-sample Cramer-von Mises with the limit p-value of Anderson (1962). REQUIRES: both sorted.
std::optional<TestResult> cramer_von_mises_sorted(Sample x, Sample y);

/// Pearson's test of counts against proportions; nullopt with fewer than two categories, a
/// proportion of 0 or no counts. REQUIRES: equally long, proportions sum to 1.
struct ChiSquare {
  double statistic = 0;
  double df = 0;
  double p_value = 1;
};
std::optional<ChiSquare> chi_square(const std::vector<double>& counts,
                                    const std::vector<double>& proportions);

}  // namespace rehearse::stats
