#include "rollout/metric_judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "rollout/evidence.hpp"
#include "rollout/scaling.hpp"
#include "rollout/second_opinion.hpp"
#include "stats/contingency.hpp"
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
  double direction = 0;  ///< of a rank test: above 0 where the canary ranks higher
};

std::optional<stats::Shift> shift_of(const JudgeSettings& settings, const Values& baseline,
                                     const Values& canary) {
  const auto finite = Substitution::of(baseline, canary);
  if (!finite) return std::nullopt;
  // Two constant series leave the root finder nothing to find; their shift is exact.
  const bool exact = !settings.kayenta_roots || (constant(baseline) && constant(canary));
  const auto tolerance = exact ? stats::RootTolerance::exact : stats::RootTolerance::like_kayenta;
  if (!finite->needed()) {
    return stats::shift_sorted(canary, baseline, settings.confidence, tolerance);
  }
  const auto shift = stats::shift_sorted(finite->apply(canary), finite->apply(baseline),
                                         settings.confidence, tolerance);
  if (!shift) return std::nullopt;
  return stats::Shift{finite->restore(shift->estimate), finite->restore(shift->low),
                      finite->restore(shift->high)};
}

std::optional<ShiftTest> rank_interval(const JudgeSettings& settings, const Values& baseline,
                                       const Values& canary) {
  const Scaling scaling = Scaling::for_differences({baseline, canary});
  const auto shift = scaling.needed()
                         ? shift_of(settings, scaling.apply(baseline), scaling.apply(canary))
                         : shift_of(settings, baseline, canary);
  if (!shift) return std::nullopt;
  ShiftTest interval;
  interval.shift = scaling.restore(shift->estimate);
  interval.low = scaling.restore(shift->low);
  interval.high = scaling.restore(shift->high);
  if (const auto test = stats::mann_whitney_sorted(canary, baseline)) {
    interval.p_value = test->p_value;
    interval.direction = test->z;
  }
  return interval;
}

std::optional<ShiftTest> mean_interval(const JudgeSettings& settings, const Values& baseline,
                                       const Values& canary) {
  const Scaling scaling = Scaling::for_squares({baseline, canary});
  const Values before = scaling.apply(baseline), now = scaling.apply(canary);
  const double difference = stats::mean(now) - stats::mean(before);
  if (std::isnan(difference)) return std::nullopt;  // infinite values on both sides, or both signs
  const double shift = scaling.restore(difference);
  if (settings.classifier == Classifier::mean_inequality ||
      (constant(baseline) && constant(canary))) {
    return ShiftTest{shift, shift, shift, std::nullopt, 0};
  }
  const auto test = stats::welch(now, before, settings.confidence);
  if (!test) return std::nullopt;
  return ShiftTest{shift, scaling.restore(test->low), scaling.restore(test->high), test->p_value,
                   0};
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

/// Of ranks that differ where the shift's interval does not lie beside 0.
std::string no_shift(const ShiftTest& interval) {
  return interval.shift == 0 ? "most points tie and the typical shift is 0"
                             : "the interval of the shift reaches 0";
}

/// Why a metric that shows no clear shift passes. It never says less than the p-value beside it.
std::string why_not(const ShiftTest& interval, double alpha) {
  const bool apart = interval.low > 0 || interval.high < 0;
  const bool rejects = interval.p_value && *interval.p_value <= alpha;
  if (apart && interval.p_value && !rejects) {
    return "the interval lies beside 0, and the p-value does not bear it out";
  }
  if (apart) return "the difference does not clear the tolerance";
  if (!rejects) return "no significant difference";
  return fmt::format(
      "the ranks differ, but {}: mark a count of rare events as sparse, or compare distributions",
      no_shift(interval));
}

/// The label that a shift in one direction gives, if the metric watches it and it is large enough.
void apply(MetricResult& result, const MetricConfig& metric, Label label,
           const std::string& reason) {
  const bool above = label == Label::high;
  const double allowed = above ? metric.effect.allowed_increase : metric.effect.allowed_decrease;
  if (!allows(metric.direction, label)) {
    result.reason = above ? "higher, which this metric may be" : "lower, which this metric may be";
  } else if (!reaches(result.effect_size, allowed, label)) {
    result.reason =
        fmt::format("{}, within the allowed effect size {}", above ? "higher" : "lower", allowed);
  } else {
    set_label(result, metric, label);
    result.reason = reason;
    const double none = EffectSize::of(metric.effect.measure).allowed_increase;
    if (!result.effect_size && allowed != none) {
      result.reason += fmt::format(
          "; the ratio of means is not defined where one of them is not above 0, so the allowed "
          "effect size {} lets nothing through",
          allowed);
    }
  }
}

/// A count of rare events that has a stricter test of its own is held to no laxer one by its ranks.
double significance_of_ranks(const MetricConfig& metric, const JudgeSettings& settings) {
  const double alpha = 1 - settings.confidence;
  const bool counted = settings.opinions.sparse_counts && metric.sparse;
  return counted ? std::min(alpha, settings.opinions.sparse_significance) : alpha;
}

void decide(MetricResult& result, const MetricConfig& metric, const JudgeSettings& settings,
            const ShiftTest& interval) {
  const double bound = *result.bound, alpha = 1 - settings.confidence;
  const bool above = interval.low > bound, below = interval.high < -bound;
  const bool doubted = interval.p_value && *interval.p_value > alpha;
  const double of_ranks = significance_of_ranks(metric, settings);
  const bool tied = interval.low <= 0 && interval.high >= 0 && interval.p_value && !doubted &&
                    interval.direction != 0;
  if ((above || below) && (settings.as_kayenta || !doubted)) {
    const std::string way = above ? "higher" : "lower";
    apply(result, metric, above ? Label::high : Label::low,
          doubted ? fmt::format("the interval lies {} than the tolerance lets it, although the "
                                "p-value does not bear it out",
                                way)
                  : fmt::format("the canary is significantly {}", way));
  } else if (tied && !settings.as_kayenta && *interval.p_value > of_ranks) {
    result.reason =
        fmt::format("the ranks differ, but not at {}, at which counts are tested", of_ranks);
  } else if (tied && !settings.as_kayenta) {
    const bool up = interval.direction > 0;
    apply(result, metric, up ? Label::high : Label::low,
          fmt::format("the canary ranks significantly {}, although {}", up ? "higher" : "lower",
                      no_shift(interval)));
  } else {
    result.reason = why_not(interval, alpha);
  }
}

std::string sides_without(const MetricResult& result) {
  if (result.baseline_points == 0 && result.canary_points == 0) return "both sides have no data";
  return result.baseline_points == 0 ? "the baseline has no data" : "the canary has no data";
}

/// Kayenta's rules for a side without values.
void judge_missing(MetricResult& result, const MetricConfig& metric,
                   const JudgeSettings& settings) {
  result.reason = sides_without(result);
  if (!settings.as_kayenta) {
    result.label = Label::nodata;
    return;
  }
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
  // A share of an infinite shift is no tolerance.
  result.bound = settings.classifier == Classifier::mean_inequality || std::isinf(interval->shift)
                     ? 0
                     : settings.tolerance * std::abs(interval->shift);
  decide(result, metric, settings, *interval);
}

/// Too few points to tell, unless rare events are counted, which have a test of their own.
bool too_few(const MetricResult& result, const MetricConfig& metric, const JudgeSettings& settings,
             const Series& series) {
  if (settings.as_kayenta || settings.classifier != Classifier::mann_whitney) return false;
  if (settings.opinions.sparse_counts && metric.sparse && are_counts(series)) return false;
  return !can_reject(result.canary_points, result.baseline_points, settings.confidence);
}

void compare(MetricResult& result, const MetricConfig& metric, const JudgeSettings& settings,
             const Series& series, const Values& baseline, const Values& canary) {
  if (baseline.empty() || canary.empty()) {
    const bool counted = !settings.as_kayenta && settings.opinions.sparse_counts && metric.sparse &&
                         are_counts(series);
    if (!counted) return judge_missing(result, metric, settings);
    result.reason = "points without a value count as points without events";
    return;
  }
  const bool kayenta = settings.as_kayenta;
  result.effect_size = effect_size(metric.effect.measure, baseline, canary, kayenta);
  result.mean_ratio = effect_size(EffectMeasure::mean_ratio, baseline, canary, kayenta);
  if (!too_few(result, metric, settings, series)) {
    test(result, metric, settings, baseline, canary);
    return;
  }
  result.label = Label::nodata;
  result.reason = fmt::format(
      "{} and {} points cannot show a difference at confidence {}; {} a side can", baseline.size(),
      canary.size(), settings.confidence, least_points(settings.confidence));
}

/// A canary of which significantly more is infinite fails, also where ranks of few points leave a
/// doubt about the rest.
void compare_infinities(MetricResult& result, const MetricConfig& metric,
                        const JudgeSettings& settings) {
  const PointCounts &before = result.baseline, &now = result.canary;
  const auto check = [&](Label label, std::size_t was, std::size_t is) {
    const std::size_t of_before = before.points - before.missing, of_now = now.points - now.missing;
    if (result.label == Label::high || result.label == Label::low || is == 0) return;
    if (of_before == 0 || was * of_now >= is * of_before || !allows(metric.direction, label))
      return;
    const double p = stats::two_proportions_p(was, of_before, is, of_now);
    if (p > 1 - settings.confidence) return;
    set_label(result, metric, label);
    result.p_value = p;
    result.reason = "significantly more canary values are infinite";
  };
  check(Label::high, before.above, now.above);
  check(Label::low, before.below, now.below);
}

/// Zeros in place of missing points may fail a metric; that nothing was measured passes none. Of a
/// count of rare events a side without points is as good as its zeros, unless the other side has
/// written its own down.
void doubt_silence(MetricResult& result, const MetricConfig& metric, const JudgeSettings& settings,
                   const Series& series) {
  if (result.label != Label::pass) return;
  const PointCounts &before = result.baseline, &now = result.canary;
  const bool no_baseline = before.missing == before.points, no_canary = now.missing == now.points;
  if (!no_baseline && !no_canary) return;
  const bool counted = settings.opinions.sparse_counts && metric.sparse && are_counts(series);
  if (counted && stats::two_proportions_p(before.missing, before.points, now.missing, now.points) >
                     1 - settings.confidence) {
    return;
  }
  const char* sides = !no_canary    ? "the baseline has"
                      : no_baseline ? "both sides have"
                                    : "the canary has";
  result.label = Label::nodata;
  result.reason = fmt::format("{} no value: zeros in their place are no evidence", sides);
}

/// Values beyond a fixed limit fail a metric, whatever the comparison says.
void hold_to_limits(MetricResult& result, const MetricConfig& metric, stats::Sample canary) {
  std::size_t above = 0, below = 0;
  for (const double value : canary) {
    if (metric.limits.above && value > *metric.limits.above) ++above;
    if (metric.limits.below && value < *metric.limits.below) ++below;
  }
  if (above + below == 0 || result.label == Label::high || result.label == Label::low) return;
  result.label = above > 0 ? Label::high : Label::low;
  result.critical = metric.critical;
  result.reason = fmt::format(
      "{} of {} canary values {} {} the limit {}", above > 0 ? above : below, canary.size(),
      (above > 0 ? above : below) == 1 ? "is" : "are", above > 0 ? "above" : "below",
      above > 0 ? *metric.limits.above : *metric.limits.below);
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
                                  stats::Sample canary, bool as_kayenta) {
  if (baseline.empty() || canary.empty()) return std::nullopt;
  if (measure == EffectMeasure::cles) {
    return stats::common_language_effect_sorted(canary, baseline);
  }
  const Scaling scaling = Scaling::for_squares({baseline, canary});
  const double before = stats::mean(scaling.apply(baseline));
  const double now = stats::mean(scaling.apply(canary));
  if (before == 0 || now == 0) return std::nullopt;
  // Of negative means the larger ratio is the lower mean.
  if (!as_kayenta && (before < 0 || now < 0)) return std::nullopt;
  const double ratio = now / before;
  return std::isfinite(ratio) ? std::optional(ratio) : std::nullopt;
}

MetricResult classify(const MetricConfig& metric, const JudgeSettings& settings,
                      const Series& series) {
  MetricResult result;
  result.name = metric.name;
  result.groups = metric.groups;
  result.muted = metric.muted;
  result.baseline = count_points(series.baseline);
  result.canary = count_points(series.canary);
  const Values baseline = prepare(series.baseline, metric);
  const Values canary = prepare(series.canary, metric);
  result.baseline_points = baseline.size();
  result.canary_points = canary.size();
  compare(result, metric, settings, series, baseline, canary);
  const auto failed = second_opinion(metric, settings.opinions, series, baseline, canary);
  const bool failing = result.label == Label::high || result.label == Label::low;
  if (failed && !failing) {
    set_label(result, metric, failed->label);
    result.p_value = failed->p_value;
    result.reason = failed->reason;
  }
  if (!settings.as_kayenta) compare_infinities(result, metric, settings);
  if (!settings.as_kayenta) doubt_silence(result, metric, settings, series);
  hold_to_limits(result, metric, series.canary);
  const std::string infinite = infinite_text(result.baseline, result.canary);
  if (!infinite.empty()) result.reason += "; " + infinite;
  return result;
}

}  // namespace rehearse::rollout
