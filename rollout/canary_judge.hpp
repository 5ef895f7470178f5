// From metrics to a verdict, as Kayenta's WeightedSumScorer and threshold classifier do it.
//
// A group's score is the share of passing metrics among those that passed or failed, in percent. A
// group in which none did has score 0 and enters the sum as 100. Groups without a weight share what
// the weights leave of 100 equally. A critical failure, or no data on half of the metrics, makes
// the score 0. Scores are rounded half up to two decimals of their shortest decimal form.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "rollout/canary_config.hpp"
#include "rollout/metric_judge.hpp"

namespace rehearse::rollout {

enum class CanaryVerdict { pass, marginal, fail };

/// "pass", "marginal", "fail".
std::string to_string(CanaryVerdict verdict);

struct Scores {
  double score = 0;
  std::map<std::string, double> groups;
  CanaryVerdict verdict = CanaryVerdict::fail;
  std::string reason;  ///< why the score is 0 regardless of the groups: "critical", "nodata" or ""
};

Scores score(const std::vector<MetricResult>& metrics, const std::map<std::string, double>& weights,
             const Thresholds& thresholds);

struct Judgement {
  std::vector<MetricResult> metrics;  ///< in the configuration's order
  Scores scores;
};

/// `series` by metric name; a metric without an entry has no data on either side.
Judgement judge(const CanaryConfig& config, const std::map<std::string, Series>& series);

}  // namespace rehearse::rollout
