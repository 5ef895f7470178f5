// From metrics to a verdict, as Kayenta's WeightedSumScorer and threshold classifier do it.
//
// A group's score is the share of passing metrics among those that passed or failed, in percent. A
// group in which none did has score 0 and enters the sum as 100. Groups without a weight share what
// the weights leave of 100 equally. A critical failure, or no data on half of the metrics, makes
// the score 0. Scores are rounded half up to two decimals of their shortest decimal form.
//
// Unless JudgeSettings ask for Kayenta's labels, what cannot be told is inconclusive: a metric
// without evidence, unless the canary fails even where that metric is given as passing, and a pass
// that a warning of the lint voids.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "rollout/canary_config.hpp"
#include "rollout/metric_judge.hpp"

namespace rehearse::rollout {

enum class CanaryVerdict { pass, marginal, fail, inconclusive };

/// "pass", "marginal", "fail", "inconclusive".
std::string to_string(CanaryVerdict verdict);

/// What a group added to the score.
struct GroupShare {
  std::string group;
  bool weighted = false;  ///< else its weight is a part of what the others leave
  double weight = 0;
  int passed = 0;
  int judged = 0;
  double gave = 0;  ///< of the score; its weight where none of its metrics was judged
};

struct Scores {
  double score = 0;
  std::map<std::string, double> groups;
  CanaryVerdict verdict = CanaryVerdict::fail;
  std::vector<GroupShare> shares;  ///< in the order of their names
  double weights = 0;              ///< sum of the weights that the configuration gives
  std::string reason;  ///< why the score is 0 regardless of the groups: "critical", "nodata" or ""
};

Scores score(const std::vector<MetricResult>& metrics, const std::map<std::string, double>& weights,
             const Thresholds& thresholds);

struct Judgement {
  std::vector<MetricResult> metrics;  ///< in the configuration's order
  Scores scores;
  Thresholds thresholds;
  std::vector<std::string> doubts;  ///< why the verdict is inconclusive, or would be
};

/// `series` by metric name; a metric without an entry has no data on either side.
Judgement judge(const CanaryConfig& config, const std::map<std::string, Series>& series);

}  // namespace rehearse::rollout
