// What a rank test of centres cannot see. Off unless a configuration asks for it.
//
// - Distribution: Kolmogorov-Smirnov on the sides that the metric watches, significant and at least
//   `distribution_effect` apart. Sees a canary that becomes erratic around the same centre (it
//   reaches further on both sides), and a part of the points that jumps.
// - Sparse counts: rare events (errors, crashes) compared exactly. Given the total number of events
//   in both series, the canary's share is binomial with p = its share of the points (Przyborowski
//   and Wilenski 1940). Sees five errors against none, where most ranks tie. Missing points are
//   points without events, so it also judges where ranks have no data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "rollout/canary_config.hpp"
#include "rollout/metric_judge.hpp"
#include "rollout/series.hpp"

namespace rehearse::rollout {

struct Opinion {
  Label label = Label::high;
  double p_value = 1;
  std::string reason;
};

/// Probability of at least (at most) as many of the events in the canary when rates are equal.
struct CountTest {
  double higher_p = 1;
  double lower_p = 1;
};

/// REQUIRES: points on both sides.
CountTest compare_counts(std::uint64_t baseline_events, std::uint64_t baseline_points,
                         std::uint64_t canary_events, std::uint64_t canary_points);

/// Whether both sides have points and hold nothing but whole numbers >= 0 and missing values.
bool are_counts(const Series& series);

/// A reason to fail the metric, if one of the tests asked for finds it. `baseline` and `canary` are
/// the prepared values of `series`.
std::optional<Opinion> second_opinion(const MetricConfig& metric, const SecondOpinions& settings,
                                      const Series& series, stats::Sample baseline,
                                      stats::Sample canary);

}  // namespace rehearse::rollout
