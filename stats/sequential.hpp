// Inference that holds at every look, however often one looks and whenever one stops.
//
// - AsymptoticSequence: confidence sequence for a mean with estimated variance (Waudby-Smith,
//   Arbour, Sinha, Kennedy and Ramdas 2021). Valid in the limit: it needs a start, a number of
//   observations before which it says nothing (the table in docs/validation.md).
// - Msprt: mixture sequential probability ratio test for two normal streams with known variances
//   (Johari, Pekelis, Koomen and Walsh 2017). Valid at any sample size when variances are known.
// - BoundedSequence: empirical-Bernstein confidence sequence for the mean of values in [0, 1] with
//   predictable plug-ins (Howard et al. 2021; Waudby-Smith and Ramdas 2023, theorem 2). Valid at
//   any sample size for any distribution on [0, 1]: clicks, errors, shares.
#pragma once

#include <cassert>
#include <cstdint>
#include <optional>

#include "stats/intervals.hpp"
#include "stats/moments.hpp"

namespace rehearse::stats {

/// Before a start is reached, an asymptotic sequence gives no interval.
struct Start {
  std::uint64_t observations = 1;
  /// For proportions: at least so many ones and so many zeros. 0 asks for none.
  std::uint64_t of_each = 0;

  /// The defaults from the error-control table.
  static Start for_means() { return {100, 0}; }
  static Start for_proportions() { return {100, 25}; }
};

/// Half-width of the asymptotic sequence after n observations with the given variance.
double asymptotic_half_width(double n, double variance, double rho, double alpha);

/// The p-value to that sequence, of a mean of 0: the interval excludes 0 where p < alpha (Howard,
/// Ramdas, McAuliffe and Sekhon 2021). The smallest over all looks is valid at every one.
double asymptotic_p_value(double n, double mean, double variance, double rho);

/// The rho at which the half-width is narrowest after `n` observations of that variance.
double rho_for(double n, double variance, double alpha);

class AsymptoticSequence {
 public:
  /// REQUIRES: rho > 0, 0 < alpha < 1.
  AsymptoticSequence(double rho, double alpha, Start start = {})
      : rho_(rho), alpha_(alpha), start_(start) {
    assert(rho > 0 && alpha > 0 && alpha < 1);
  }

  void add(double value);

  std::uint64_t count() const { return moments_.count(); }
  double mean() const { return moments_.mean(); }
  double variance() const { return moments_.population_variance(); }
  double half_width() const;
  /// nullopt before the start.
  std::optional<Interval> interval() const;

 private:
  double rho_;
  double alpha_;
  Start start_;
  Moments moments_;
  std::uint64_t ones_ = 0;
  std::uint64_t zeros_ = 0;
};

class Msprt {
 public:
  /// `tau_squared` is the variance of the mixture over differences. REQUIRES: all above 0.
  Msprt(double variance_x, double variance_y, double tau_squared)
      : variance_(variance_x + variance_y), tau_squared_(tau_squared) {
    assert(variance_x > 0 && variance_y > 0 && tau_squared > 0);
  }

  /// The next pair.
  void add(double x, double y);

  std::uint64_t count() const { return x_.count(); }
  double difference() const { return x_.mean() - y_.mean(); }
  /// Logarithm of the likelihood ratio against no difference; 0 without observations.
  double log_lambda() const { return log_lambda_; }
  /// Always-valid: the smallest 1 / lambda so far, at most 1.
  double p_value() const { return p_value_; }

 private:
  double variance_;
  double tau_squared_;
  Moments x_, y_;
  double log_lambda_ = 0;
  double p_value_ = 1;
};

class BoundedSequence {
 public:
  /// REQUIRES: 0 < alpha < 1.
  explicit BoundedSequence(double alpha);

  /// REQUIRES: 0 <= value <= 1.
  void add(double value);

  std::uint64_t count() const { return count_; }
  double mean() const { return count_ == 0 ? 0.5 : sum_ / static_cast<double>(count_); }
  /// The intersection of all intervals so far; [0, 1] at the start.
  Interval interval() const { return interval_; }

 private:
  double log_term_;  ///< ln(2 / alpha)
  std::uint64_t count_ = 0;
  double sum_ = 0;
  double guess_ = 0.5;       ///< predictable mean, shrunk to 1/2
  double squares_ = 0.25;    ///< of the distances from the guesses after each value
  double predicted_ = 0.25;  ///< predictable variance
  double bets_ = 0;
  double weighted_ = 0;
  double penalty_ = 0;
  Interval interval_{0, 1};
};

/// Difference of the means of two arms of values in [0, 1], which may arrive in any order: each arm
/// has a sequence at half the error.
class BoundedDifference {
 public:
  explicit BoundedDifference(double alpha) : control_(alpha / 2), treatment_(alpha / 2) {}

  void add_control(double value) { control_.add(value); }
  void add_treatment(double value) { treatment_.add(value); }
  /// Of treatment minus control.
  Interval interval() const;
  double difference() const { return treatment_.mean() - control_.mean(); }

 private:
  BoundedSequence control_, treatment_;
};

/// Difference of two means with estimated variances, arms of any sizes: the asymptotic sequence for
/// n = both arms' observations with variance n (s1 / n1 + s2 / n2), and a rho per deviation (as
/// Waudby-Smith et al. 2021 write it), so that the interval scales with the metric's unit.
class AsymptoticDifference {
 public:
  /// REQUIRES: narrowest_at > 0, 0 < alpha < 1.
  AsymptoticDifference(double narrowest_at, double alpha, Start start)
      : rho_(rho_for(narrowest_at, 1, alpha)), alpha_(alpha), start_(start) {}

  void add_control(double value) { control_.add(value); }
  void add_treatment(double value) { treatment_.add(value); }
  /// Ones and zeros at once; the same as adding them one by one, but for rounding.
  void add_control(std::uint64_t ones, std::uint64_t zeros) { control_.add(ones, zeros); }
  void add_treatment(std::uint64_t ones, std::uint64_t zeros) { treatment_.add(ones, zeros); }
  double difference() const { return treatment_.moments.mean() - control_.moments.mean(); }
  /// Of treatment minus control; nullopt until both arms have reached the start and vary.
  std::optional<Interval> interval() const;
  /// Of no difference, at this sample size alone; nullopt where there is no interval.
  std::optional<double> p_value() const;

 private:
  struct Pooled {
    double n = 0;
    double variance = 0;
  };
  std::optional<Pooled> pooled() const;

  struct Arm {
    Moments moments;
    std::uint64_t ones = 0;
    std::uint64_t zeros = 0;
    void add(double value);
    void add(std::uint64_t more_ones, std::uint64_t more_zeros);
    bool ready(const Start& start) const;
  };
  double rho_;  ///< per deviation
  double alpha_;
  Start start_;
  Arm control_, treatment_;
};

}  // namespace rehearse::stats
