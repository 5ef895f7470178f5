// Count, mean and variance, kept in one pass.
//
// Welford's update (1962), and Chan, Golub and LeVeque's (1983) for joining two halves: no
// cancellation when the mean is large beside the spread.
#pragma once

#include <cstddef>

#include "stats/sample.hpp"

namespace rehearse::stats {

class Moments {
 public:
  /// Of `ones` times 1 and `zeros` times 0, in one step.
  static Moments of_counts(std::size_t ones, std::size_t zeros);

  void add(double value);
  void merge(const Moments& other);

  std::size_t count() const { return count_; }
  double mean() const { return mean_; }
  /// Divisor n; 0 for fewer than one value.
  double population_variance() const;
  /// Divisor n - 1; 0 for fewer than two values.
  double sample_variance() const;
  double sample_deviation() const;

 private:
  std::size_t count_ = 0;
  double mean_ = 0;
  double squares_ = 0;  ///< sum of squared distances from the mean
};

Moments moments(Sample values);

/// Sum divided by count. REQUIRES: not empty.
double mean(Sample values);

}  // namespace rehearse::stats
