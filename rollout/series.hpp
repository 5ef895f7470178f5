// A metric's values on both sides and how they are made ready for a test.
//
// As in Kayenta: missing points (NaN) are removed or become 0; then, if asked for, values outside
// the widened interquartile fences are removed from each side by itself.
#pragma once

#include <optional>
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

/// Sorted values for a test. An infinite value counts as missing.
std::vector<double> prepare(stats::Sample values, const MetricConfig& metric);

}  // namespace rehearse::rollout
