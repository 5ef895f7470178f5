// Detectors on a model's errors: DDM and EDDM on 0/1 (1 is an error), HDDM-A on values in [0, 1].
#pragma once

#include <cstdint>
#include <limits>

#include "drift/detectors.hpp"
#include "stats/moments.hpp"

namespace rehearse::drift {

struct DdmParameters {
  std::int64_t warm_start = 30;
  double warning_threshold = 2.0;
  double drift_threshold = 3.0;
};

/// Drift when error rate plus deviation exceeds its best by drift_threshold deviations.
class Ddm : public Detector {
 public:
  explicit Ddm(const DdmParameters& parameters) : parameters_(parameters) {}

 protected:
  void reset() override;
  void step(double value) override;

 private:
  static constexpr double kNone = std::numeric_limits<double>::infinity();
  DdmParameters parameters_;
  std::int64_t count_ = 0;
  double rate_ = 0;
  double best_rate_ = kNone;
  double best_deviation_ = kNone;
};

struct EddmParameters {
  std::int64_t warm_start = 30;
  double alpha = 0.95;  ///< warning below this share of the longest distance
  double beta = 0.9;    ///< drift below this share
};

/// Drift when errors come closer together than at their furthest apart.
class Eddm : public Detector {
 public:
  explicit Eddm(const EddmParameters& parameters) : parameters_(parameters) {}

 protected:
  void reset() override;
  void step(double value) override;

 private:
  EddmParameters parameters_;
  std::int64_t count_ = 0;
  std::int64_t errors_ = 0;
  std::int64_t last_error_ = 0;
  stats::Moments distances_;
  double furthest_ = -1;
};

struct HddmParameters {
  double drift_confidence = 0.001;
  double warning_confidence = 0.005;
  bool two_sided_test = false;
};

/// Hoeffding's bound on the mean since the best cut point against the mean before it.
class HddmA : public Detector {
 public:
  explicit HddmA(const HddmParameters& parameters) : parameters_(parameters) {}

 protected:
  void reset() override;
  void step(double value) override;

 private:
  struct Mean {
    double count = 0;
    double mean = 0;
  };

  double bound(double count) const;
  bool differs(const Mean& cut, double confidence, double sign) const;

  HddmParameters parameters_;
  Mean all_, lowest_, highest_;
};

}  // namespace rehearse::drift
