#include "models/lifecycle/training_config.hpp"

#include <algorithm>
#include <limits>

#include "models/lifecycle/not_built.hpp"

namespace rehearse::models {
namespace {

using config::Node;
using config::Object;
using lifecycle::TrainingPlan;

constexpr std::int64_t kMostRows = 1'000'000;
constexpr std::int64_t kMostAttempts = 1000;
constexpr double kStrongestRidge = 1e9;

Duration above_zero(Object& object, const char* key, Duration otherwise) {
  const Duration duration = object.duration(key, otherwise);
  if (duration > Duration{}) return duration;
  const Node& node = object.require(key);
  config::fail(node, "found " + config::shown(node) + "; a time above 0 is allowed");
}

/// The signals that a training may wait for. Those of pipelines nobody sends yet.
bool parse_triggers(const Node& node) {
  if (node.kind != config::Kind::array) {
    config::fail(node, "found " + config::shown(node) + "; a list of signals is allowed");
  }
  bool on_drift = false;
  for (const Node& item : node.items) {
    const std::string signal = config::to_string(item);
    if (signal == "features_ready" || signal == "catalog_updated") {
      config::fail(item, "nobody sends \"" + signal +
                             "\": pipelines are not built yet; allowed is drift_detected");
    }
    if (signal != "drift_detected") {
      const auto near = config::nearest(signal, {"drift_detected"});
      config::fail(item, "found " + config::shown(item) + "; allowed is drift_detected" +
                             (near ? "; did you mean " + *near + "?" : ""));
    }
    on_drift = true;
  }
  return on_drift;
}

lifecycle::TrainingCap parse_cap(const Node& node) {
  lifecycle::TrainingCap cap;
  if (node.kind == config::Kind::string && node.text == "none") {
    cap.runs = std::numeric_limits<int>::max();
    return cap;
  }
  Object object(node);
  cap.runs = static_cast<int>(object.integer("runs", cap.runs, 1, kMostRows));
  cap.per = above_zero(object, "per", cap.per);
  object.done();
  return cap;
}

void parse_data(Object& object, TrainingPlan& plan) {
  learning::TrainingSettings& data = plan.data;
  data.window = above_zero(object, "window", data.window);
  plan.recent_window =
      above_zero(object, "recent_window", std::min(plan.recent_window, data.window));
  if (plan.recent_window > data.window) {
    const Node& recent = object.require("recent_window");
    config::fail(
        recent,
        "found " + config::shown(recent) + "; the recent window is a part of the window, " +
            (object.has("window") ? config::shown(object.require("window")) : std::string("14d")));
  }
  data.rows = static_cast<std::size_t>(
      object.integer("rows", static_cast<std::int64_t>(data.rows), 1, kMostRows));
  data.holdout = object.number("holdout", data.holdout, {0, 0.9});
  const std::string join =
      object.choice("joins", "as-served", {"as-served", "as-of-event", "latest"});
  if (join == "as-of-event") data.join = learning::Join::as_of_event;
  if (join == "latest") data.join = learning::Join::latest;
  data.unlabelled_negative =
      object.choice("unlabelled", "drop", {"drop", "negative"}) == "negative";
}

}  // namespace

TrainingPlan parse_training(const Node& node, const Features& features) {
  Object object(node);
  refuse_not_built(object, {"churn"});
  TrainingPlan plan;
  if (const Node* on = object.find("on")) plan.on_drift = parse_triggers(*on);
  plan.every = object.duration_or_none("every", plan.every);
  if (plan.every && *plan.every <= Duration{}) above_zero(object, "every", {});
  parse_data(object, plan);
  plan.data.features = features.traits;
  plan.ridge = object.number("ridge", plan.ridge, {0, kStrongestRidge});
  plan.warm_start = object.boolean("warm_start", plan.warm_start);
  plan.job.failure = object.probability("failure", plan.job.failure);
  plan.job.attempts =
      static_cast<int>(object.integer("attempts", plan.job.attempts, 1, kMostAttempts));
  plan.job.duration = stats::distribution_of(object, "duration", plan.job.duration);
  if (const Node* cap = object.find("cap")) plan.cap = parse_cap(*cap);
  object.done();
  return plan;
}

lifecycle::GateSettings parse_gates(const Node& node) {
  Object object(node);
  lifecycle::GateSettings gates;
  gates.rows = static_cast<std::size_t>(
      object.integer("rows", static_cast<std::int64_t>(gates.rows), 0, kMostRows));
  gates.of_each = static_cast<std::size_t>(
      object.integer("of_each", static_cast<std::int64_t>(gates.of_each), 0, kMostRows));
  gates.auc_at_least = object.number("auc_at_least", gates.auc_at_least, {0, 1});
  gates.auc_below_production =
      object.number("auc_below_production", gates.auc_below_production, {0, 1});
  gates.auc_at_most = object.number("auc_at_most", gates.auc_at_most, {0, 1});
  gates.missing_at_most = object.number("missing_at_most", gates.missing_at_most, {0, 1});
  gates.duration = stats::distribution_of(object, "duration", gates.duration);
  if (gates.auc_at_least > gates.auc_at_most) {
    config::fail(node, "no version passes: its AUC would have to be at least " +
                           std::to_string(gates.auc_at_least) + " and at most " +
                           std::to_string(gates.auc_at_most));
  }
  object.done();
  return gates;
}

}  // namespace rehearse::models
