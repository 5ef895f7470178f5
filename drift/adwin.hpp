// ADWIN (Bifet and Gavalda 2007): a window that grows while the stream stays the same and drops its
// oldest part when two parts of it have different means.
//
// The window is an exponential histogram: row i holds up to max_buckets buckets of 2^i values,
// oldest first, each with its total and sum of squares about its mean. Every clock-th update every
// cut between buckets is tried against a Bernstein bound; while one fails, the oldest bucket goes.
// Memory and time per scan are logarithmic in the window.
#pragma once

#include <cstdint>
#include <vector>

#include "drift/detectors.hpp"

namespace rehearse::drift {

struct AdwinParameters {
  double delta = 0.002;  ///< bound on false alarms per cut
  std::int64_t clock = 32;
  std::int64_t max_buckets = 5;
  std::int64_t min_window_length = 5;  ///< of either part
  std::int64_t grace_period = 10;      ///< no scan until the window is longer
};

class Adwin : public Detector {
 public:
  explicit Adwin(const AdwinParameters& parameters) : parameters_(parameters) {}

  double width() const { return width_; }

 protected:
  void reset() override;
  void step(double value) override;

 private:
  struct Bucket {
    double total = 0;
    double squares = 0;
  };

  static constexpr int kMostExponent = 400;  ///< of a value whose square exists, and sums of it
  static constexpr double kTooLarge = 0x1p401;

  /// Divides all sums until they hold the square of `value`.
  void widen(double value);
  void insert(double value);
  void compress();
  bool cut_found() const;
  void drop_oldest();

  AdwinParameters parameters_;
  std::vector<std::vector<Bucket>> rows_{1};
  double width_ = 0;
  double total_ = 0;
  double squares_ = 0;            ///< sum of squares about the mean of the whole window
  int exponent_ = 0;              ///< sums are of values divided by two to this power
  double unit_ = 1;               ///< two to the power of -exponent_
  double too_large_ = kTooLarge;  ///< values from here on need a larger exponent
  std::int64_t tick_ = 0;
};

}  // namespace rehearse::drift
