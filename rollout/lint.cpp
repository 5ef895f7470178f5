#include "rollout/lint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "rollout/metric_judge.hpp"
#include "stats/moments.hpp"
#include "stats/rank_tests.hpp"

namespace rehearse::rollout {
namespace {

constexpr double kAllWeights = 100;

class Findings {
 public:
  void metric(const MetricConfig& metric, const std::string& code, const std::string& message,
              Weight weight = Weight::warning) {
    list_.push_back({"metric " + metric.name, code, message, weight});
  }
  void group(const std::string& name, const std::string& code, const std::string& message) {
    list_.push_back({"group " + name, code, message, Weight::warning});
  }
  void whole(const std::string& code, const std::string& message, Weight weight = Weight::warning) {
    list_.push_back({"configuration", code, message, weight});
  }
  std::vector<Warning> take() { return std::move(list_); }

 private:
  std::vector<Warning> list_;
};

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

/// Whether no canary can reach the effect that counts in a direction.
bool out_of_reach(const EffectSize& effect, Label label) {
  const bool cles = effect.measure == EffectMeasure::cles;
  if (label == Label::high) return cles && effect.allowed_increase > 1;
  return cles ? effect.allowed_decrease < 0 : effect.allowed_decrease <= 0;
}

void lint_limits(const MetricConfig& metric, Findings& findings) {
  const EffectSize& effect = metric.effect;
  const EffectSize none = EffectSize::of(effect.measure);
  const bool rises = metric.direction != Direction::decrease;
  const bool falls = metric.direction != Direction::increase;
  const bool ratio = effect.measure == EffectMeasure::mean_ratio;
  const auto at_most_zero = [&](const char* member, double value) {
    if (!ratio || value > 0) return;
    findings.metric(metric, "limit-never-binds",
                    fmt::format("{} {} is a ratio that no mean above 0 falls to, so it never "
                                "binds; 0.9 would let it fall by a tenth",
                                member, value));
  };
  const auto unwatched = [&](const char* member, double value, double otherwise) {
    if (value == otherwise) return;
    findings.metric(metric, "limit-not-watched",
                    fmt::format("{} {} is for a direction that is not watched", member, value));
  };
  if (falls) {
    at_most_zero("allowedDecrease", effect.allowed_decrease);
    if (metric.critical) at_most_zero("criticalDecrease", effect.critical_decrease);
  } else {
    unwatched("allowedDecrease", effect.allowed_decrease, none.allowed_decrease);
    unwatched("criticalDecrease", effect.critical_decrease, none.critical_decrease);
  }
  if (!rises) {
    unwatched("allowedIncrease", effect.allowed_increase, none.allowed_increase);
    unwatched("criticalIncrease", effect.critical_increase, none.critical_increase);
  }
  const bool limited = metric.limits.above || metric.limits.below;
  if (limited || metric.muted || (rises && !out_of_reach(effect, Label::high)) ||
      (falls && !out_of_reach(effect, Label::low))) {
    return;
  }
  findings.metric(metric, "cannot-fail",
                  "no canary reaches the effect it allows in the direction it watches: it passes "
                  "whatever happens",
                  Weight::voids_pass);
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
  lint_limits(metric, findings);
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
    const bool over = given > kAllWeights;
    findings.whole(
        "weights-sum",
        fmt::format("the group weights sum to {}, not 100: {}", given,
                    over ? "a group can fail and the score reach the threshold all the same"
                         : fmt::format("no canary scores more than {}", given)),
        over ? Weight::voids_pass : Weight::warning);
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
  if (std::isinf(baseline.front()) || std::isinf(baseline.back())) return;
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

/// A ratio of means says nothing where the baseline's is not above 0.
void lint_ratio(const MetricConfig& metric, const std::vector<double>& baseline,
                Findings& findings) {
  const EffectSize& effect = metric.effect;
  if (effect.measure != EffectMeasure::mean_ratio) return;
  const bool limited = effect.allowed_increase != 1 || effect.allowed_decrease != 1 ||
                       effect.critical_increase != 1 || effect.critical_decrease != 1;
  if (!limited || effect_size(effect.measure, baseline, baseline, false)) return;
  findings.metric(metric, "effect-undefined",
                  "the baseline's mean is not above 0, so that a ratio to it is not defined and "
                  "lets nothing through; a CLES would");
}

/// The largest share of values that are one and the same.
double largest_tie(const std::vector<double>& sorted) {
  std::size_t most = 0;
  for (std::size_t first = 0; first < sorted.size();) {
    std::size_t end = first;
    while (end < sorted.size() && sorted[end] == sorted[first]) ++end;
    most = std::max(most, end - first);
    first = end;
  }
  return static_cast<double>(most) / static_cast<double>(sorted.size());
}

/// Where most points are equal, the typical shift is 0 whatever the others do.
void lint_ties(const MetricConfig& metric, const JudgeSettings& judge,
               const std::vector<double>& baseline, const std::vector<double>& canary,
               Findings& findings) {
  constexpr double kMost = 0.5;
  const double tied = std::min(largest_tie(baseline), largest_tie(canary));
  if ((metric.sparse && judge.opinions.sparse_counts) || judge.opinions.distribution) return;
  const bool constant = baseline.front() == baseline.back() && canary.front() == canary.back();
  if (tied < kMost || constant) return;
  findings.metric(metric, "ties-hide-shift",
                  fmt::format("{:.0f}% of the points are one and the same value, so the typical "
                              "shift is 0 whatever the others do; --sparse {} tests a count of "
                              "rare events, --distribution the whole",
                              100 * tied, metric.name));
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
    if (ranks && !can_reject(canary.size(), baseline.size(), config.judge.confidence)) {
      findings.metric(metric, "too-few-points",
                      fmt::format("{} and {} points cannot reject at confidence {}; {} a side can",
                                  baseline.size(), canary.size(), config.judge.confidence,
                                  least_points(config.judge.confidence)));
    }
    lint_ratio(metric, baseline, findings);
    if (ranks) lint_noise(metric, config.judge, baseline, findings);
    if (ranks) lint_ties(metric, config.judge, baseline, canary, findings);
  }
  for (const auto& [group, any] : has_data) {
    if (!any) findings.group(group, "group-without-data", "no metric has data: it counts as 100");
  }
}

}  // namespace

std::vector<Warning> lint(const CanaryConfig& config) {
  Findings findings;
  lint_whole(config, findings);
  lint_groups(config, findings);
  for (const MetricConfig& metric : config.metrics) lint_metric(metric, findings);
  std::vector<Warning> warnings = config.remarks;
  for (Warning& warning : findings.take()) warnings.push_back(std::move(warning));
  return warnings;
}

std::vector<Warning> lint(const CanaryConfig& config, const std::map<std::string, Series>& series) {
  std::vector<Warning> warnings = lint(config);
  Findings findings;
  lint_data(config, series, findings);
  for (Warning& warning : findings.take()) warnings.push_back(std::move(warning));
  return warnings;
}

}  // namespace rehearse::rollout
