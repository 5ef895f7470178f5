// Detectors that add up distances from a mean: Page-Hinkley and two-sided tabular CUSUM.
#pragma once

#include <cstdint>
#include <limits>

#include "drift/detectors.hpp"
#include "stats/moments.hpp"

namespace rehearse::drift {

enum class Direction { up, down, both };

struct PageHinkleyParameters {
  std::int64_t min_instances = 30;
  double delta = 0.005;     ///< change that is tolerated
  double threshold = 50.0;  ///< on the cumulative distance from its extreme
  double alpha = 0.9999;    ///< forgetting factor
  Direction mode = Direction::both;
};

class PageHinkley : public Detector {
 public:
  explicit PageHinkley(const PageHinkleyParameters& parameters) : parameters_(parameters) {}

 protected:
  void reset() override;
  void step(double value) override;

 private:
  PageHinkleyParameters parameters_;
  std::int64_t count_ = 0;
  double mean_ = 0;
  double up_ = 0;
  double down_ = 0;
  double least_up_ = std::numeric_limits<double>::infinity();
  double most_down_ = -std::numeric_limits<double>::infinity();
};

struct CusumParameters {
  std::int64_t min_instances = 30;  ///< values that give mean and deviation; the last is scored too
  double slack = 0.5;               ///< in deviations
  double threshold = 5.0;           ///< in deviations
  Direction mode = Direction::both;
};

class Cusum : public Detector {
 public:
  explicit Cusum(const CusumParameters& parameters) : parameters_(parameters) {}

 protected:
  void reset() override;
  void step(double value) override;

 private:
  CusumParameters parameters_;
  stats::Moments moments_;
  double mean_ = 0;
  double deviation_ = 0;
  double up_ = 0;
  double down_ = 0;
};

}  // namespace rehearse::drift
