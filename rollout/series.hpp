// A metric's values on both sides and how they are made ready for a test.
//
// As in Kayenta: missing points (NaN) are removed or become 0; then, if asked for, values outside
// the widened interquartile fences are removed from each side by itself. An infinite value is a
// value: it ranks first or last, and is neither missing nor an outlier that may go unseen.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "rollout/canary_config.hpp"
#include "stats/sample.hpp"

namespace rehearse::rollout {

struct Series {
  std::vector<double> baseline;  ///< NaN where a point is missing
  std::vector<double> canary;
};

struct Fences {
  double low = 0;
  double high = 0;
};

/// Quartiles -/+ factor times their distance. `reduce_sensitivity` widens the fences to the 1st and
/// 99th percentile. nullopt for no values. REQUIRES: finite values.
std::optional<Fences> iqr_fences(stats::Sample values, double factor, bool reduce_sensitivity);

/// Sorted values for a test.
std::vector<double> prepare(stats::Sample values, const MetricConfig& metric);

/// How many values there are of each kind that a reader should know of.
struct PointCounts {
  std::size_t points = 0;
  std::size_t missing = 0;
  std::size_t above = 0;  ///< +infinity
  std::size_t below = 0;  ///< -infinity
};
PointCounts count_points(stats::Sample values);

/// "8 of 8 canary values are +Inf", or empty.
std::string infinite_text(const PointCounts& baseline, const PointCounts& canary);

/// Infinities at finite places far beyond all other values, so that differences between any two
/// values exist and keep their order. nullopt where the values leave no room for that.
class Substitution {
 public:
  /// REQUIRES: both sorted, not empty, without NaN.
  static std::optional<Substitution> of(stats::Sample baseline, stats::Sample canary);

  bool needed() const { return needed_; }
  std::vector<double> apply(stats::Sample values) const;
  /// A difference of substituted values as one of the values themselves.
  double restore(double difference) const;

 private:
  bool needed_ = false;
  double low_ = 0, high_ = 0, room_ = 0;
};

}  // namespace rehearse::rollout
