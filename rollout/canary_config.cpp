#include "rollout/canary_config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace rehearse::rollout {
namespace {

// Weights are percentages; far beyond, a score would be no number.
constexpr double kLargestWeight = 1e6;

/// Marks members as known that Kayenta has and a judge does not need.
void let_through(config::Object& object, const std::vector<std::string>& keys) {
  for (const std::string& key : keys) object.has(key);
}

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

MetricConfig read_metric(const config::Node& node) {
  config::Object object(node);
  let_through(object, {"query", "scopeName", "id", "tags"});
  MetricConfig metric;
  if (const config::Node* analyses = object.find("analysisConfigurations")) {
    if (const config::Node* canary = analyses->find("canary")) {
      metric = read_metric_analysis(*canary);
    }
  }
  metric.name = config::to_string(object.require("name"));
  metric.where = object.require("name").where;
  metric.groups = object.strings("groups");
  object.done();
  return metric;
}

void read_opinions(config::Object& object, SecondOpinions& opinions) {
  if (const config::Node* node = object.find("distribution")) {
    config::Object inner(*node);
    opinions.distribution = inner.boolean("enabled", true);
    opinions.distribution_significance =
        inner.probability("significance", opinions.distribution_significance);
    opinions.distribution_effect = inner.probability("effect", opinions.distribution_effect);
    inner.done();
  }
  if (const config::Node* node = object.find("sparseCounts")) {
    config::Object inner(*node);
    opinions.sparse_counts = inner.boolean("enabled", true);
    opinions.sparse_significance = inner.probability("significance", opinions.sparse_significance);
    inner.done();
  }
}

JudgeSettings read_judge(const config::Node& node) {
  config::Object object(node);
  JudgeSettings judge;
  let_through(object, {"name"});
  if (const config::Node* settings = object.find("judgeConfigurations")) {
    config::Object inner(*settings);
    judge.tolerance = number_or(inner, "tolerance", judge.tolerance, {.low = 0});
    judge.confidence =
        number_or(inner, "confLevel", judge.confidence, {.low = 0.5, .high = 0.999999});
    const std::string classifier =
        inner.choice("classifier", "mann-whitney", {"mann-whitney", "welch", "mean-inequality"});
    judge.classifier = classifier == "welch"             ? Classifier::welch
                       : classifier == "mean-inequality" ? Classifier::mean_inequality
                                                         : Classifier::mann_whitney;
    judge.kayenta_roots = inner.choice("rootTolerance", "exact", {"exact", "kayenta"}) == "kayenta";
    read_opinions(inner, judge.opinions);
    inner.done();
  }
  object.done();
  return judge;
}

void read_classifier(const config::Node& node, CanaryConfig& result) {
  config::Object object(node);
  if (const config::Node* weights = object.find("groupWeights");
      weights != nullptr && weights->kind != config::Kind::null) {
    config::Object inner(*weights);
    for (const auto& [group, value] : weights->members) {
      result.group_weights[group] = inner.number(group, 0, {.low = 0, .high = kLargestWeight});
    }
  }
  if (const config::Node* thresholds = object.find("scoreThresholds");
      thresholds != nullptr && thresholds->kind != config::Kind::null) {
    config::Object inner(*thresholds);
    const config::Range percent{.low = 0, .high = 100};
    result.thresholds.pass = inner.number("pass", result.thresholds.pass, percent);
    result.thresholds.marginal = inner.number("marginal", result.thresholds.marginal, percent);
    inner.done();
  }
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
  if (const config::Node* outliers = object.find("outliers")) read_outliers(*outliers, metric);
  if (const config::Node* effect = object.find("effectSize")) metric.effect = read_effect(*effect);
  object.done();
  return metric;
}

CanaryConfig read_canary_config(const config::Node& node) {
  config::Object object(node);
  let_through(object, {"id", "description", "configVersion", "applications", "templates",
                       "services", "createdTimestamp", "updatedTimestamp", "createdTimestampIso",
                       "updatedTimestampIso", "isNew", "owner"});
  CanaryConfig result;
  result.name = object.string("name", "");
  const config::Node& metrics = object.require("metrics");
  if (metrics.kind != config::Kind::array || metrics.items.empty()) {
    config::fail(metrics, config::shown(metrics) + "; a list with at least one metric is due");
  }
  std::set<std::string> names;
  for (const config::Node& one : metrics.items) {
    result.metrics.push_back(read_metric(one));
    if (!names.insert(result.metrics.back().name).second) {
      config::fail(
          one, fmt::format("a second metric \"{}\"; names are unique", result.metrics.back().name));
    }
  }
  if (const config::Node* classifier = object.find("classifier")) {
    read_classifier(*classifier, result);
  }
  if (const config::Node* judge = object.find("judge")) result.judge = read_judge(*judge);
  object.done();
  if (result.thresholds.marginal > result.thresholds.pass) {
    config::fail(object.require("classifier"),
                 fmt::format("scoreThresholds: marginal {} is above pass {}",
                             result.thresholds.marginal, result.thresholds.pass));
  }
  return result;
}

}  // namespace rehearse::rollout
