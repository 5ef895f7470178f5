#include "rollout/canary_judge.hpp"

#include <fmt/format.h>

#include <cassert>
#include <cmath>
#include <string>

#include "rollout/lint.hpp"

namespace rehearse::rollout {
namespace {

constexpr double kNodataLimit = 50;  ///< percent of the metrics

struct Tally {
  int passed = 0;
  int judged = 0;
};

bool is_judged(Label label) { return label != Label::nodata && label != Label::error; }

/// Rounds the shortest decimal form of a number >= 0 half up to two decimals, so that 66.665, which
/// no double holds, becomes 66.67.
double round_to_cents(double value) {
  assert(value >= 0);
  const std::string text = fmt::format("{}", value);
  const std::size_t point = text.find('.');
  if (point == std::string::npos || text.find('e') != std::string::npos) {
    return std::round(value * 100) / 100;
  }
  std::string digits = text.substr(point + 1);
  if (digits.size() <= 2) return value;
  const bool up = digits[2] >= '5';
  const double cents = std::stod(text.substr(0, point)) * 100 + std::stod(digits.substr(0, 2));
  return (cents + (up ? 1 : 0)) / 100;
}

std::map<std::string, Tally> tally_groups(const std::vector<MetricResult>& metrics) {
  std::map<std::string, Tally> groups;
  for (const MetricResult& metric : metrics) {
    if (metric.muted) continue;
    for (const std::string& group : metric.groups) {
      Tally& tally = groups[group];
      tally.judged += is_judged(metric.label) ? 1 : 0;
      tally.passed += metric.label == Label::pass ? 1 : 0;
    }
  }
  return groups;
}

double summary(const std::map<std::string, Tally>& groups,
               const std::map<std::string, double>& weights, Scores& scores) {
  double given = 0;
  for (const auto& [group, weight] : weights) given += weight;
  int without = 0;
  for (const auto& [group, tally] : groups) without += weights.contains(group) ? 0 : 1;
  double sum = 0;
  for (const auto& [group, tally] : groups) {
    const double percent = tally.judged == 0 ? 0 : 100.0 * tally.passed / tally.judged;
    scores.groups[group] = percent;
    const auto weight = weights.find(group);
    const double share = weight != weights.end() ? weight->second : (100 - given) / without;
    const double gave = (tally.judged == 0 ? 100.0 : percent) * (share / 100);
    scores.shares.push_back(
        {group, weight != weights.end(), share, tally.passed, tally.judged, gave});
    sum += gave;
  }
  scores.weights = given;
  return round_to_cents(sum);
}

bool without_evidence(const MetricResult& metric) {
  return !metric.muted && (metric.label == Label::nodata || metric.label == Label::error ||
                           metric.label == Label::nodata_fail_metric);
}

/// As Kayenta scores; but a critical failure is a failure where even a score of 0 would pass.
Scores score_strictly(const std::vector<MetricResult>& metrics, const CanaryConfig& config) {
  Scores scores = score(metrics, config.group_weights, config.thresholds);
  if (!config.judge.as_kayenta && scores.reason == "critical") scores.verdict = CanaryVerdict::fail;
  return scores;
}

/// The verdict if every metric without evidence had passed.
CanaryVerdict at_best(std::vector<MetricResult> metrics, const CanaryConfig& config) {
  for (MetricResult& metric : metrics) {
    if (!without_evidence(metric)) continue;
    metric.label = Label::pass;
    metric.critical = false;
  }
  return score_strictly(metrics, config).verdict;
}

/// What stands in the way of a pass.
std::vector<std::string> doubts_of(const CanaryConfig& config,
                                   const std::vector<MetricResult>& metrics) {
  std::vector<std::string> doubts;
  for (const MetricResult& metric : metrics) {
    if (without_evidence(metric))
      doubts.push_back(fmt::format("{}: {}", metric.name, metric.reason));
  }
  for (const Warning& warning : lint(config)) {
    if (warning.weight != Weight::voids_pass) continue;
    doubts.push_back(fmt::format("{}: {} [{}]", warning.subject, warning.message, warning.code));
  }
  return doubts;
}

/// Why nothing else counts; empty when the groups decide.
std::string overruled(const std::vector<MetricResult>& metrics) {
  int counted = 0, nodata = 0;
  for (const MetricResult& metric : metrics) {
    if (metric.muted) continue;
    if (metric.critical && metric.label != Label::pass) return "critical";
    ++counted;
    nodata += metric.label == Label::nodata ? 1 : 0;
  }
  return counted > 0 && 100.0 * nodata / counted >= kNodataLimit ? "nodata" : "";
}

}  // namespace

std::string to_string(CanaryVerdict verdict) {
  switch (verdict) {
    case CanaryVerdict::pass:
      return "pass";
    case CanaryVerdict::marginal:
      return "marginal";
    case CanaryVerdict::fail:
      return "fail";
    case CanaryVerdict::inconclusive:
      return "inconclusive";
  }
  return "";
}

Scores score(const std::vector<MetricResult>& metrics, const std::map<std::string, double>& weights,
             const Thresholds& thresholds) {
  Scores scores;
  const double sum = summary(tally_groups(metrics), weights, scores);
  scores.reason = overruled(metrics);
  scores.score = scores.reason.empty() ? sum : 0;
  scores.verdict = scores.score >= thresholds.pass       ? CanaryVerdict::pass
                   : scores.score >= thresholds.marginal ? CanaryVerdict::marginal
                                                         : CanaryVerdict::fail;
  return scores;
}

Judgement judge(const CanaryConfig& config, const std::map<std::string, Series>& series) {
  Judgement judgement;
  const Series nothing;
  for (const MetricConfig& metric : config.metrics) {
    const auto found = series.find(metric.name);
    judgement.metrics.push_back(
        classify(metric, config.judge, found == series.end() ? nothing : found->second));
  }
  judgement.scores = score_strictly(judgement.metrics, config);
  judgement.thresholds = config.thresholds;
  if (config.judge.as_kayenta) return judgement;
  judgement.doubts = doubts_of(config, judgement.metrics);
  const bool may_pass = at_best(judgement.metrics, config) != CanaryVerdict::fail;
  if (!judgement.doubts.empty() && may_pass) judgement.scores.verdict = CanaryVerdict::inconclusive;
  return judgement;
}

}  // namespace rehearse::rollout
