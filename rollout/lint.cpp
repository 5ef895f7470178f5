#include "rollout/lint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "rollout/metric_judge.hpp"
#include "stats/distributions.hpp"
#include "stats/moments.hpp"
#include "stats/rank_tests.hpp"

namespace rehearse::rollout {
namespace {

constexpr double kAllWeights = 100;

class Findings {
 public:
  void metric(const MetricConfig& metric, const std::string& code, const std::string& message) {
    list_.push_back({"metric " + metric.name, code, message});
  }
  void group(const std::string& name, const std::string& code, const std::string& message) {
    list_.push_back({"group " + name, code, message});
  }
  void whole(const std::string& code, const std::string& message) {
    list_.push_back({"configuration", code, message});
  }
  std::vector<Warning> take() { return std::move(list_); }

 private:
  std::vector<Warning> list_;
};

/// Whether the rank test of m against n points can ever exceed the confidence.
bool can_reject(double m, double n, double confidence) {
  const double sigma = std::sqrt(m * n / 12 * (m + n + 1));
  return (m * n / 2 - 0.5) / sigma > stats::normal_quantile(0.5 + confidence / 2);
}

void lint_effect(const MetricConfig& metric, Findings& findings) {
  const EffectSize& effect = metric.effect;
  const double none = EffectSize::of(effect.measure).allowed_increase;
  const bool rises = metric.direction != Direction::decrease;
  const bool falls = metric.direction != Direction::increase;
  if (effect.measure == EffectMeasure::cles &&
      ((rises && effect.allowed_increase > 1) || (falls && effect.allowed_decrease < 0))) {
    findings.metric(metric, "effect-unreachable",
                    "a CLES lies between 0 and 1, so the allowed effect is never reached and the "
                    "metric cannot fail");
  }
  if (rises && effect.allowed_increase < none) {
    findings.metric(metric, "effect-no-limit",
                    fmt::format("allowedIncrease {} is below {}, the value of no effect; it limits "
                                "nothing",
                                effect.allowed_increase, none));
  }
  if (falls && effect.allowed_decrease > none) {
    findings.metric(metric, "effect-no-limit",
                    fmt::format("allowedDecrease {} is above {}, the value of no effect; it limits "
                                "nothing",
                                effect.allowed_decrease, none));
  }
  if (metric.critical && ((rises && effect.critical_increase < effect.allowed_increase) ||
                          (falls && effect.critical_decrease > effect.allowed_decrease))) {
    findings.metric(metric, "critical-below-allowed",
                    "the critical effect is smaller than the allowed one, so every failure is "
                    "critical");
  }
}

void lint_metric(const MetricConfig& metric, Findings& findings) {
  for (const std::string& odd : metric.odd) {
    findings.metric(metric, "unknown-value", odd + " is not known and means the default");
  }
  if (metric.nan == NanStrategy::replace && !metric.sparse) {
    findings.metric(metric, "nan-passes",
                    metric.must_have_data || metric.critical
                        ? "nanStrategy replace passes a side without any point, whatever "
                          "mustHaveData and critical say"
                        : "nanStrategy replace passes a side without any point");
  }
  if (metric.groups.empty() && !metric.critical && !metric.muted) {
    findings.metric(metric, "no-group", "belongs to no group and is not critical: no effect");
  }
  if (metric.muted && metric.critical) {
    findings.metric(metric, "muted-critical", "is muted, so critical has no effect");
  }
  lint_effect(metric, findings);
}

void lint_groups(const CanaryConfig& config, Findings& findings) {
  std::map<std::string, bool> groups;  // whether a metric in it notices missing data
  for (const MetricConfig& metric : config.metrics) {
    if (metric.muted) continue;
    for (const std::string& group : metric.groups) {
      bool& notices = groups[group];
      notices = notices || metric.must_have_data || metric.critical;
    }
  }
  double given = 0;
  for (const auto& [group, weight] : config.group_weights) {
    given += weight;
    if (!groups.contains(group)) {
      findings.group(group, "weight-unused", "has a weight and no metric");
    }
  }
  bool unweighted = false;
  for (const auto& [group, notices] : groups) {
    const bool weighted = config.group_weights.contains(group);
    unweighted = unweighted || !weighted;
    if (!notices) {
      findings.group(group, "nodata-scores-100",
                     "no metric in it has mustHaveData or is critical: without any data it scores "
                     "100");
    }
    if ((!weighted && given >= kAllWeights) || (weighted && config.group_weights.at(group) == 0)) {
      findings.group(group, "no-weight", "has no weight left: its metrics cannot fail the canary");
    }
  }
  if (!config.group_weights.empty() && std::abs(given - kAllWeights) > 1e-9 &&
      (given > kAllWeights || !unweighted)) {
    findings.whole("weights-sum", fmt::format("the group weights sum to {}, not 100", given));
  }
}

void lint_whole(const CanaryConfig& config, Findings& findings) {
  const auto critical =
      std::any_of(config.metrics.begin(), config.metrics.end(),
                  [](const MetricConfig& metric) { return metric.critical && !metric.muted; });
  if (!critical) {
    findings.whole("no-critical-metric",
                   "no metric is critical: one failing badly is averaged away by the others");
  }
  if (std::all_of(config.metrics.begin(), config.metrics.end(),
                  [](const MetricConfig& metric) { return metric.muted; })) {
    findings.whole("all-muted", "every metric is muted: the score is always 0");
  }
  if (config.judge.tolerance >= 1) {
    findings.whole("tolerance-wide",
                   fmt::format("tolerance {}: the interval would have to lie beyond the shift "
                               "itself, so no metric can fail",
                               config.judge.tolerance));
  }
  if (config.thresholds.pass == 0) {
    findings.whole("pass-zero", "the pass threshold is 0: every canary passes");
  }
}

/// The relative change that the metric lets through by its effect size, or nullopt when any counts.
std::optional<double> looked_for(const MetricConfig& metric) {
  if (metric.effect.measure != EffectMeasure::mean_ratio) return std::nullopt;
  const double up = metric.effect.allowed_increase - 1, down = 1 - metric.effect.allowed_decrease;
  const double change = metric.direction == Direction::increase   ? up
                        : metric.direction == Direction::decrease ? down
                                                                  : std::min(up, down);
  return change > 0 ? std::optional(change) : std::nullopt;
}

void lint_noise(const MetricConfig& metric, const JudgeSettings& judge,
                const std::vector<double>& baseline, Findings& findings) {
  const auto change = looked_for(metric);
  const auto shift = stats::shift_sorted(baseline, baseline, judge.confidence);
  if (!change || !shift || judge.tolerance >= 1) return;
  const double wanted = *change * std::abs(stats::mean(baseline));
  const double seen = (shift->high - shift->low) / 2 / (1 - judge.tolerance);
  if (wanted <= 0 || wanted >= seen) return;
  findings.metric(
      metric, "effect-in-noise",
      fmt::format("a change of {:.3g}% is {:.3g}; with {} points and tolerance {} only {:.3g} and "
                  "more is seen",
                  100 * *change, wanted, baseline.size(), judge.tolerance, seen));
}

void lint_data(const CanaryConfig& config, const std::map<std::string, Series>& series,
               Findings& findings) {
  std::map<std::string, bool> has_data;
  for (const MetricConfig& metric : config.metrics) {
    const auto found = series.find(metric.name);
    const Series nothing;
    const Series& data = found == series.end() ? nothing : found->second;
    const std::vector<double> baseline = prepare(data.baseline, metric);
    const std::vector<double> canary = prepare(data.canary, metric);
    const bool judged = !baseline.empty() && !canary.empty();
    for (const std::string& group : metric.groups) has_data[group] = has_data[group] || judged;
    if (!judged) {
      findings.metric(metric, "no-data",
                      baseline.empty() ? "the baseline has no data" : "the canary has no data");
      continue;
    }
    const bool ranks = config.judge.classifier == Classifier::mann_whitney;
    if (ranks && !can_reject(static_cast<double>(canary.size()),
                             static_cast<double>(baseline.size()), config.judge.confidence)) {
      findings.metric(metric, "too-few-points",
                      fmt::format("{} and {} points cannot reject at confidence {}; {} a side can",
                                  baseline.size(), canary.size(), config.judge.confidence,
                                  least_points(config.judge.confidence)));
    }
    if (ranks) lint_noise(metric, config.judge, baseline, findings);
  }
  for (const auto& [group, any] : has_data) {
    if (!any) findings.group(group, "group-without-data", "no metric has data: it counts as 100");
  }
}

}  // namespace

std::size_t least_points(double confidence) {
  std::size_t points = 1;
  while (!can_reject(static_cast<double>(points), static_cast<double>(points), confidence)) {
    ++points;
  }
  return points;
}

std::vector<Warning> lint(const CanaryConfig& config) {
  Findings findings;
  lint_whole(config, findings);
  lint_groups(config, findings);
  for (const MetricConfig& metric : config.metrics) lint_metric(metric, findings);
  return findings.take();
}

std::vector<Warning> lint(const CanaryConfig& config, const std::map<std::string, Series>& series) {
  std::vector<Warning> warnings = lint(config);
  Findings findings;
  lint_data(config, series, findings);
  for (Warning& warning : findings.take()) warnings.push_back(std::move(warning));
  return warnings;
}

}  // namespace rehearse::rollout
