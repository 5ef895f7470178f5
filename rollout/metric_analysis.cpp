// How one metric is to be judged: the member analysisConfigurations.canary.

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "rollout/canary_config.hpp"

namespace rehearse::rollout {
namespace {

/// A value that Kayenta takes for the default when it does not know it.
template <typename Value>
Value lenient(config::Object& object, const std::string& key, Value otherwise,
              const std::vector<std::pair<std::string, Value>>& allowed,
              std::vector<std::string>& odd) {
  const config::Node* node = object.find(key);
  if (node == nullptr || node->kind == config::Kind::null) return otherwise;
  const std::string text = config::to_string(*node);
  for (const auto& [name, value] : allowed) {
    if (name == text) return value;
  }
  odd.push_back(fmt::format("{} = \"{}\"", key, text));
  return otherwise;
}

double number_or(config::Object& object, const std::string& key, double otherwise,
                 config::Range range = {}) {
  const config::Node* node = object.find(key);
  if (node == nullptr || node->kind == config::Kind::null) return otherwise;
  return config::to_number(*node, range);
}

bool boolean_or(config::Object& object, const std::string& key, bool otherwise) {
  const config::Node* node = object.find(key);
  if (node == nullptr || node->kind == config::Kind::null) return otherwise;
  return config::to_boolean(*node);
}

EffectSize read_effect(const config::Node& node) {
  config::Object object(node);
  const std::string measure = object.choice("measure", "meanRatio", {"meanRatio", "cles"});
  EffectSize effect =
      EffectSize::of(measure == "cles" ? EffectMeasure::cles : EffectMeasure::mean_ratio);
  effect.allowed_increase = number_or(object, "allowedIncrease", effect.allowed_increase);
  effect.allowed_decrease = number_or(object, "allowedDecrease", effect.allowed_decrease);
  effect.critical_increase = number_or(object, "criticalIncrease", effect.critical_increase);
  effect.critical_decrease = number_or(object, "criticalDecrease", effect.critical_decrease);
  object.done();
  return effect;
}

void read_outliers(const config::Node& node, MetricConfig& metric) {
  config::Object object(node);
  metric.remove_outliers =
      lenient<bool>(object, "strategy", false, {{"remove", true}, {"keep", false}}, metric.odd);
  metric.outlier_factor =
      number_or(object, "outlierFactor", metric.outlier_factor, {.low = 0, .low_exclusive = true});
  object.done();
}

void read_limits(const config::Node& node, Limits& limits) {
  config::Object object(node);
  if (const config::Node* above = object.find("above")) limits.above = config::to_number(*above);
  if (const config::Node* below = object.find("below")) limits.below = config::to_number(*below);
  object.done();
}

}  // namespace

EffectSize EffectSize::of(EffectMeasure measure) {
  const double none = measure == EffectMeasure::cles ? 0.5 : 1.0;
  return {measure, none, none, none, none};
}

MetricConfig read_metric_analysis(const config::Node& node) {
  config::Object object(node);
  MetricConfig metric;
  metric.where = node.where;
  metric.direction = lenient<Direction>(object, "direction", Direction::either,
                                        {{"increase", Direction::increase},
                                         {"decrease", Direction::decrease},
                                         {"either", Direction::either}},
                                        metric.odd);
  metric.nan = lenient<NanStrategy>(
      object, "nanStrategy", NanStrategy::remove,
      {{"remove", NanStrategy::remove}, {"replace", NanStrategy::replace}}, metric.odd);
  metric.critical = boolean_or(object, "critical", false);
  metric.must_have_data = boolean_or(object, "mustHaveData", false);
  metric.muted = boolean_or(object, "muted", false);
  metric.sparse = boolean_or(object, "sparse", false);
  if (const config::Node* limits = object.find("limits")) read_limits(*limits, metric.limits);
  if (const config::Node* outliers = object.find("outliers")) read_outliers(*outliers, metric);
  if (const config::Node* effect = object.find("effectSize")) metric.effect = read_effect(*effect);
  object.done();
  return metric;
}

}  // namespace rehearse::rollout
