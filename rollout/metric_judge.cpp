#include "rollout/metric_judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "rollout/second_opinion.hpp"
#include "stats/moments.hpp"
#include "stats/rank_tests.hpp"
#include "stats/two_sample.hpp"

namespace rehearse::rollout {
namespace {

using Values = std::vector<double>;

bool constant(const Values& sorted) { return sorted.front() == sorted.back(); }

/// What a test says about the shift; nullopt when it is not defined on the data.
struct ShiftTest {
  double shift = 0, low = 0, high = 0;
  std::optional<double> p_value;
};

std::optional<ShiftTest> rank_interval(const JudgeSettings& settings, const Values& baseline,
                                       const Values& canary) {
  // Two constant series leave the root finder nothing to find; their shift is exact.
  const bool exact = !settings.kayenta_roots || (constant(baseline) && constant(canary));
  const auto shift =
      stats::shift_sorted(canary, baseline, settings.confidence,
                          exact ? stats::RootTolerance::exact : stats::RootTolerance::like_kayenta);
  if (!shift) return std::nullopt;
  ShiftTest interval{shift->estimate, shift->low, shift->high, std::nullopt};
  if (const auto test = stats::mann_whitney_sorted(canary, baseline)) {
    interval.p_value = test->p_value;
  }
  return interval;
}

std::optional<ShiftTest> mean_interval(const JudgeSettings& settings, const Values& baseline,
                                       const Values& canary) {
  const double difference = stats::mean(canary) - stats::mean(baseline);
  if (settings.classifier == Classifier::mean_inequality ||
      (constant(baseline) && constant(canary))) {
    return ShiftTest{difference, difference, difference, std::nullopt};
  }
  const auto test = stats::welch(canary, baseline, settings.confidence);
  if (!test) return std::nullopt;
  return ShiftTest{difference, test->low, test->high, test->p_value};
}

bool reaches(const std::optional<double>& effect, double threshold, Label label) {
  if (!effect) return true;
  return label == Label::high ? *effect >= threshold : *effect <= threshold;
}

bool allows(Direction direction, Label label) {
  return direction == Direction::either ||
         direction == (label == Label::high ? Direction::increase : Direction::decrease);
}

void set_label(MetricResult& result, const MetricConfig& metric, Label label) {
  result.label = label;
  const EffectSize& effect = metric.effect;
  const double threshold =
      label == Label::high ? effect.critical_increase : effect.critical_decrease;
  result.critical = metric.critical && reaches(result.effect_size, threshold, label);
}

void decide(MetricResult& result, const MetricConfig& metric, const ShiftTest& interval) {
  const double bound = *result.bound;
  const EffectSize& effect = metric.effect;
  const bool above = interval.low > bound, below = interval.high < -bound;
  if (!above && !below) {
    result.reason = interval.low > 0 || interval.high < 0
                        ? "the difference does not clear the tolerance"
                        : "no significant difference";
    return;
  }
  const Label label = above ? Label::high : Label::low;
  const double allowed = above ? effect.allowed_increase : effect.allowed_decrease;
  if (!allows(metric.direction, label)) {
    result.reason = above ? "higher, which this metric may be" : "lower, which this metric may be";
  } else if (!reaches(result.effect_size, allowed, label)) {
    result.reason =
        fmt::format("{}, within the allowed effect size {}", above ? "higher" : "lower", allowed);
  } else {
    set_label(result, metric, label);
    result.reason =
        above ? "the canary is significantly higher" : "the canary is significantly lower";
  }
}

/// Kayenta's rules for a side without values.
void judge_missing(MetricResult& result, const MetricConfig& metric) {
  const char* side = result.baseline_points == 0 && result.canary_points == 0 ? "both sides have"
                     : result.baseline_points == 0                            ? "the baseline has"
                                                                              : "the canary has";
  result.reason = fmt::format("{} no data", side);
  if (metric.nan == NanStrategy::replace) {
    result.reason += "; a missing value counts as 0 for this metric";
    return;
  }
  const bool fails = metric.must_have_data && !metric.critical;
  result.label = fails ? Label::nodata_fail_metric : Label::nodata;
  result.critical = !fails && metric.critical;
}

void test(MetricResult& result, const MetricConfig& metric, const JudgeSettings& settings,
          const Values& baseline, const Values& canary) {
  if (baseline == canary) {
    result.reason = "both sides have the same values";
    return;
  }
  if (constant(baseline) && constant(canary) && baseline.front() == canary.front()) {
    result.reason = "one and the same value on both sides";
    return;
  }
  const bool means = settings.classifier != Classifier::mann_whitney;
  // Ranks of two single points, one of them 0, tie at the end of the search: Kayenta's Error.
  const bool tied = !means && baseline.size() == 1 && canary.size() == 1 &&
                    (baseline.front() == 0 || canary.front() == 0);
  const auto interval = tied    ? std::nullopt
                        : means ? mean_interval(settings, baseline, canary)
                                : rank_interval(settings, baseline, canary);
  if (!interval) {
    result.label = Label::error;
    result.reason =
        fmt::format("the test is not defined on {} and {} points", baseline.size(), canary.size());
    return;
  }
  result.p_value = interval->p_value;
  result.shift = interval->shift;
  result.low = interval->low;
  result.high = interval->high;
  result.bound = settings.classifier == Classifier::mean_inequality
                     ? 0
                     : settings.tolerance * std::abs(interval->shift);
  decide(result, metric, *interval);
}

}  // namespace

std::string to_string(Label label) {
  switch (label) {
    case Label::pass:
      return "Pass";
    case Label::high:
      return "High";
    case Label::low:
      return "Low";
    case Label::nodata:
      return "Nodata";
    case Label::nodata_fail_metric:
      return "NodataFailMetric";
    case Label::error:
      return "Error";
  }
  return "";
}

std::optional<double> effect_size(EffectMeasure measure, stats::Sample baseline,
                                  stats::Sample canary) {
  if (baseline.empty() || canary.empty()) return std::nullopt;
  if (measure == EffectMeasure::cles) {
    return stats::common_language_effect_sorted(canary, baseline);
  }
  const double before = stats::mean(baseline), now = stats::mean(canary);
  if (before == 0 || now == 0) return std::nullopt;
  const double ratio = now / before;
  return std::isfinite(ratio) ? std::optional(ratio) : std::nullopt;
}

MetricResult classify(const MetricConfig& metric, const JudgeSettings& settings,
                      const Series& series) {
  MetricResult result;
  result.name = metric.name;
  result.groups = metric.groups;
  result.muted = metric.muted;
  const Values baseline = prepare(series.baseline, metric);
  const Values canary = prepare(series.canary, metric);
  result.baseline_points = baseline.size();
  result.canary_points = canary.size();
  if (baseline.empty() || canary.empty()) {
    judge_missing(result, metric);
  } else {
    result.effect_size = effect_size(metric.effect.measure, baseline, canary);
    result.mean_ratio = effect_size(EffectMeasure::mean_ratio, baseline, canary);
    test(result, metric, settings, baseline, canary);
  }
  const auto failed = second_opinion(metric, settings.opinions, series, baseline, canary);
  const bool failing = result.label == Label::high || result.label == Label::low;
  if (failed && !failing) {
    set_label(result, metric, failed->label);
    result.p_value = failed->p_value;
    result.reason = failed->reason;
  }
  return result;
}

}  // namespace rehearse::rollout
