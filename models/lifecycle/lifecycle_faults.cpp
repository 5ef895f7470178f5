#include "models/lifecycle/lifecycle_faults.hpp"

#include <cassert>

namespace rehearse::models {
namespace {

using config::Object;
using lifecycle::Role;

void read_signals(Object& object, FaultConfig& fault) {
  SignalFault effect;
  const std::string kind =
      object.choice("kind", "outage", {"outage", "drop", "duplicate", "delay"});
  if (kind == "outage") effect.outage = true;
  if (kind == "drop") effect.drop = config::to_probability(object.require("probability"));
  if (kind == "duplicate") effect.duplicate = config::to_probability(object.require("probability"));
  if (kind == "delay") effect.delay = stats::parse_distribution(object.require("delay"));
  fault.effect = effect;
}

void read_rules(Object& object, FaultConfig& fault) {
  object.choice("kind", "outage", {"outage"});
  fault.effect = RulesFault{};
}

void read_cluster(Object& object, FaultConfig& fault) {
  object.choice("kind", "outage", {"outage"});
  fault.effect = ClusterFault{};
}

void read_metrics(Object& object, FaultConfig& fault) {
  object.choice("kind", "outage", {"outage"});
  const std::string arm = object.choice("arm", "all", {"all", "production", "baseline", "canary"});
  MetricsFault effect;
  if (arm == "all" || arm == "production") effect.arms.insert(Role::production);
  if (arm == "all" || arm == "baseline") effect.arms.insert(Role::baseline);
  if (arm == "all" || arm == "canary") effect.arms.insert(Role::canary);
  fault.effect = effect;
}

FaultTarget model_target(const std::string& model) {
  const std::string name = "model:" + model;
  return {name, name, [model](Object& object, FaultConfig& fault) {
            ModelFault effect;
            effect.model = model;
            if (object.choice("kind", "errors", {"errors", "slow"}) == "errors") {
              effect.errors = config::to_probability(object.require("rate"));
            } else {
              effect.slower = config::to_number(object.require("factor"), {0, 1e6, true});
            }
            fault.effect = effect;
          }};
}

/// The chance that one of two independent things happens.
double either(double a, double b) { return 1 - (1 - a) * (1 - b); }

void add(const SignalFault& fault, lifecycle::SignalConditions& signals) {
  signals.outage = signals.outage || fault.outage;
  signals.drop = either(signals.drop, fault.drop);
  signals.duplicate = either(signals.duplicate, fault.duplicate);
  if (fault.delay) signals.delay = fault.delay;
}

void add(const ModelFault& fault, lifecycle::Conditions& conditions) {
  lifecycle::ModelConditions& model = conditions.models[fault.model];
  model.errors = either(model.errors, fault.errors);
  model.slower *= fault.slower;
}

}  // namespace

std::vector<FaultTarget> lifecycle_fault_targets(const std::vector<std::string>& models) {
  std::vector<FaultTarget> targets = {
      {"signals", "signals", read_signals}, {"rules", "rules", read_rules},
      {"cluster", "cluster", read_cluster}, {"metrics", "metrics", read_metrics},
      {"router", "router", nullptr},        {"feature-store", "feature-store", nullptr},
      {"stream:", "stream:", nullptr},      {"pipeline:", "pipeline:", nullptr}};
  for (const std::string& model : models) targets.push_back(model_target(model));
  return targets;
}

void add(const FaultConfig& fault, lifecycle::Conditions& conditions) {
  if (const auto* signals = fault.as<SignalFault>()) return add(*signals, conditions.signals);
  if (const auto* model = fault.as<ModelFault>()) return add(*model, conditions);
  if (const auto* metrics = fault.as<MetricsFault>()) {
    conditions.unmeasured.insert(metrics->arms.begin(), metrics->arms.end());
    return;
  }
  conditions.rules_held = conditions.rules_held || fault.as<RulesFault>() != nullptr;
  conditions.cluster_out = conditions.cluster_out || fault.as<ClusterFault>() != nullptr;
}

}  // namespace rehearse::models
