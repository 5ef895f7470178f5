// A canary configuration in Kayenta's format, as people have it.
//
// Read are the parts that a judge needs: metrics with their groups and
// analysisConfigurations.canary, group weights, score thresholds, and judge.judgeConfigurations.
// The configuration may stand alone, inside "canaryConfig" or "config", or in an ad hoc request,
// whose executionRequest.thresholds then hold. Members that Kayenta's own files carry (query,
// serviceName, extensions, ...) are let through and noted; a member that neither knows is an error,
// since a misspelt "mustHaveData" would otherwise pass silently. What would make a pass mean
// something else than the configuration says (an analysis under a name that is not "canary",
// another judge, extended properties) is a warning that voids a pass.
//
// Beyond Kayenta, judgeConfigurations may hold "classifier" ("mann-whitney", "welch",
// "mean-inequality"), "rootTolerance" ("exact", "kayenta"), "distribution" and "sparseCounts"
// (second_opinion.hpp); analysisConfigurations.canary may hold "sparse": true and
// "limits": {"above": X, "below": Y}.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/config.hpp"
#include "base/error.hpp"
#include "rollout/warning.hpp"

namespace rehearse::rollout {

enum class Direction { increase, decrease, either };
enum class NanStrategy { remove, replace };
enum class EffectMeasure { mean_ratio, cles };
enum class Classifier { mann_whitney, welch, mean_inequality };

struct EffectSize {
  EffectMeasure measure = EffectMeasure::mean_ratio;
  double allowed_increase = 1;
  double allowed_decrease = 1;
  double critical_increase = 1;
  double critical_decrease = 1;

  /// The defaults of a measure: 1 for mean ratio, 0.5 for CLES, the values of no effect.
  static EffectSize of(EffectMeasure measure);
};

/// Fixed thresholds: a canary with any value beyond one fails, whatever the baseline does.
struct Limits {
  std::optional<double> above;
  std::optional<double> below;
};

struct MetricConfig {
  std::string name;
  std::vector<std::string> groups;
  Direction direction = Direction::either;
  NanStrategy nan = NanStrategy::remove;
  bool remove_outliers = false;
  double outlier_factor = 3;
  bool critical = false;
  bool must_have_data = false;
  bool muted = false;
  bool sparse = false;  ///< counts of rare events: missing points are zeros
  EffectSize effect;
  Limits limits;
  Where where;
  std::vector<std::string> odd;  ///< values that Kayenta takes for the default, as "member = value"
};

/// A test that looks at more than the centre, and one for counts too rare for ranks. Either may
/// turn a Pass into High or Low; neither turns a failure into a pass.
struct SecondOpinions {
  bool distribution = false;
  double distribution_significance = 0.02;
  double distribution_effect = 0.3;  ///< least Kolmogorov-Smirnov statistic that matters
  bool sparse_counts = true;         ///< for metrics marked "sparse", which Kayenta has none of
  double sparse_significance = 0.02;
};

struct JudgeSettings {
  double tolerance = 0.25;  ///< share of the shift that the interval must clear
  double confidence = 0.98;
  Classifier classifier = Classifier::mann_whitney;
  bool kayenta_roots = false;  ///< Kayenta's root finder instead of the exact interval
  /// Kayenta's labels where there is no evidence: a side without points may pass, a single point
  /// may fail. Otherwise such a metric has no data, and the verdict is inconclusive.
  bool as_kayenta = true;
  SecondOpinions opinions;
};

struct Thresholds {
  double pass = 95;
  double marginal = 75;
};

struct CanaryConfig {
  std::string name;
  std::vector<MetricConfig> metrics;
  std::map<std::string, double> group_weights;
  Thresholds thresholds;
  JudgeSettings judge;
  std::vector<Warning> remarks;  ///< about its text, in the order of the file
};

/// Throws InputError.
CanaryConfig read_canary_config(const config::Node& node);

/// The member analysisConfigurations.canary alone, with its name and groups left empty. Throws
/// InputError.
MetricConfig read_metric_analysis(const config::Node& node);

}  // namespace rehearse::rollout
