// One metric's verdict: is the canary's series higher, lower, or neither?
//
// Decides as Kayenta's NetflixACAJudge-v1.0 does, with two differences unless JudgeSettings ask for
// Kayenta's root finder: interval ends are exact, and nothing is ever drawn at random (Kayenta adds
// noise to two constant series; the exact interval needs none).
//
// High: the direction allows it, the interval of the shift lies above tolerance * |shift|, and the
// effect size reaches allowedIncrease. Low mirrors it. A failure of a critical metric is critical
// when the effect also reaches the critical threshold. An effect size that is not defined (a ratio
// of means of which one is 0 or, but for Kayenta's labels, below) counts as reached.
//
// Unless JudgeSettings ask for Kayenta's labels, a metric is judged by evidence: a side without
// points, or too few for the test to reject at its confidence, is Nodata; a shift counts where the
// test's p-value says so too; and where ranks differ although the typical shift is 0, since most
// points tie, the metric fails by its ranks; and where significantly more of the canary's values
// than of the baseline's are infinite, it fails by that, however few points there are.
//
// Fixed limits and the second opinions (second_opinion.hpp) may fail what the comparison passes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "rollout/canary_config.hpp"
#include "rollout/series.hpp"

namespace rehearse::rollout {

enum class Label { pass, high, low, nodata, nodata_fail_metric, error };

/// "Pass", "High", "Low", "Nodata", "NodataFailMetric", "Error".
std::string to_string(Label label);

struct MetricResult {
  std::string name;
  std::vector<std::string> groups;
  Label label = Label::pass;
  bool critical = false;  ///< fails the whole canary
  bool muted = false;     ///< no part of the score
  std::string reason;
  PointCounts baseline, canary;  ///< before preparation
  std::optional<double> p_value;
  std::optional<double> shift;  ///< canary minus baseline
  std::optional<double> low;    ///< of the shift's interval
  std::optional<double> high;
  std::optional<double> bound;        ///< what the interval must clear
  std::optional<double> effect_size;  ///< nullopt also where it is not defined
  std::optional<double> mean_ratio;
  std::size_t baseline_points = 0;  ///< after preparation
  std::size_t canary_points = 0;
};

/// nullopt where the measure is not defined. Kayenta divides negative means too, whose larger ratio
/// is the lower mean. REQUIRES: both sorted.
std::optional<double> effect_size(EffectMeasure measure, stats::Sample baseline,
                                  stats::Sample canary, bool as_kayenta = true);

MetricResult classify(const MetricConfig& metric, const JudgeSettings& settings,
                      const Series& series);

}  // namespace rehearse::rollout
