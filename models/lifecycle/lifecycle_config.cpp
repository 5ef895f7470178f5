#include "models/lifecycle/lifecycle_config.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "models/lifecycle/lifecycle_hints.hpp"
#include "models/lifecycle/model_config.hpp"
#include "models/lifecycle/not_built.hpp"
#include "world/shape.hpp"

namespace rehearse::models {
namespace {

using config::Node;
using config::Object;

constexpr std::size_t kMostModels = 10'000;
constexpr std::size_t kMostFeaturesInAll = 1'000'000;  // in all, each an entity
constexpr std::int64_t kMost = 1'000'000;  // slots, routers, attempts: a typing error beyond it

int parse_slots(const Node& node) {
  Object object(node);
  const auto slots = static_cast<int>(object.integer("slots", 8, 1, kMost));
  object.done();
  return slots;
}

lifecycle::SignalSettings parse_signals(const Node& node) {
  Object object(node);
  lifecycle::SignalSettings signals;
  signals.delay = stats::distribution_of(object, "delay", signals.delay);
  signals.drop = object.probability("drop", signals.drop);
  signals.duplicate = object.probability("duplicate", signals.duplicate);
  signals.redeliver_after = object.duration("redeliver_after", signals.redeliver_after);
  if (signals.redeliver_after <= Duration{}) {
    config::fail(object.require("redeliver_after"), "found \"0s\"; a time above 0 is allowed");
  }
  signals.attempts = static_cast<int>(object.integer("attempts", signals.attempts, 1, kMost));
  const std::string consumption =
      object.choice("consumption", "idempotent", {"idempotent", "naive"});
  if (consumption == "naive") signals.consumption = lifecycle::Consumption::naive;
  object.done();
  return signals;
}

lifecycle::RoutingSettings parse_routing(const Node& node) {
  Object object(node);
  refuse_not_built(object, {"mode", "on_missing", "overhead", "client_cache", "tenants"});
  lifecycle::RoutingSettings routing;
  routing.routers = static_cast<int>(object.integer("routers", routing.routers, 1, kMost));
  routing.propagation = stats::distribution_of(object, "propagation", routing.propagation);
  routing.shards = static_cast<int>(object.integer("shards", routing.shards, 1, kMost));
  routing.load = stats::distribution_of(object, "load", routing.load);
  routing.drain = object.duration("drain", routing.drain);
  const Node* order = object.find("order");
  if (order != nullptr && order->kind == config::Kind::string && order->text == "together") {
    fail_not_built(*order, "the order \"together\"");
  }
  object.choice("order", "load-then-route", {"load-then-route"});
  object.done();
  return routing;
}

lifecycle::PersonSettings parse_person(const Node& node) {
  Object object(node);
  lifecycle::PersonSettings person;
  person.delay = stats::distribution_of(object, "delay", person.delay);
  person.approves = object.probability("approves", person.approves);
  person.escalation = object.duration("escalation", person.escalation);
  object.done();
  return person;
}

lifecycle::BadFrom parse_bad(const Node& node) {
  Object object(node);
  lifecycle::BadFrom bad;
  bad.engagement = object.number("engagement", bad.engagement, {0, 1});
  bad.errors = object.number("errors", bad.errors, {0, 1});
  bad.latency = object.number("latency", bad.latency, {1, 1e6});
  object.done();
  return bad;
}

/// The model of which this would be the name of a version; its instances are models in the
/// registry, too.
const std::string* versions_model(const std::string& name,
                                  const std::map<std::string, std::size_t>& models) {
  const std::size_t v = name.rfind("-v");
  if (v == std::string::npos || !world::is_whole_number(std::string_view(name).substr(v + 2))) {
    return nullptr;
  }
  const auto found = models.find(name.substr(0, v));
  return found == models.end() ? nullptr : &found->first;
}

void check_names(const LifecycleConfig& config, const std::vector<std::string>& objectives) {
  std::map<std::string, std::size_t> names, asked;
  const auto entry = [&](std::size_t model) { return config.models[model].pointer; };
  for (std::size_t i = 0; i < objectives.size(); ++i) {
    const std::string& name = config.settings.models[i].name;
    const auto [other, fresh] = names.emplace(name, i);
    if (!fresh) {
      throw InputError(config.models[i],
                       "a second model \"" + name + "\"; the first one is " + entry(other->second));
    }
    const auto [same, first] = asked.emplace(objectives[i], i);
    if (!first) {
      throw InputError(config.models[i], "the objective \"" + objectives[i] + "\" is served by " +
                                             entry(same->second) + " already");
    }
  }
  for (const auto& [name, model] : names) {
    if (const std::string* other = versions_model(name, names)) {
      throw InputError(config.models[model], "the model \"" + name +
                                                 "\" has the id of a version of \"" + *other +
                                                 "\"; allowed is another name");
    }
  }
}

void check_size(const Node& models, const LifecycleConfig& config) {
  const std::vector<lifecycle::ModelSettings>& all = config.settings.models;
  std::size_t features = 0;
  for (const lifecycle::ModelSettings& model : all) features += model.world.features;
  if (all.size() <= kMostModels && features <= kMostFeaturesInAll) return;
  config::fail(models, "found " + std::to_string(all.size()) + " models of " +
                           std::to_string(features) +
                           " features; at most 10000 and 1000000 are allowed");
}

void parse_models(const Node& node, Duration duration, LifecycleConfig& config) {
  if (node.kind != config::Kind::array || node.items.empty()) {
    config::fail(node,
                 "found " + config::shown(node) + "; a list with at least one model is allowed");
  }
  std::vector<std::string> objectives;
  for (const Node& item : node.items) {
    for (ModelLine& line : parse_model(item, duration)) {
      config.models.push_back(item.where);
      objectives.push_back(std::move(line.objective));
      config.settings.models.push_back(std::move(line.settings));
    }
  }
  check_size(node, config);
  check_names(config, objectives);
}

/// What all models share.
void parse_surroundings(Object& object, LifecycleConfig& config) {
  lifecycle::LifecycleSettings& settings = config.settings;
  if (const Node* cluster = object.find("cluster")) settings.slots = parse_slots(*cluster);
  if (const Node* signals = object.find("signals")) settings.signals = parse_signals(*signals);
  const Node* routing = object.find("routing");
  const Node* person = object.find("person");
  for (lifecycle::ModelSettings& model : settings.models) {
    if (routing != nullptr) model.release.routing = parse_routing(*routing);
    if (person != nullptr) model.release.person = parse_person(*person);
  }
  if (const Node* bad = object.find("bad")) config.bad = parse_bad(*bad);
}

/// Of models alike the first one stands for all.
void add_hints(const Node& models, LifecycleConfig& config) {
  std::size_t model = 0;
  for (const Node& item : models.items) {
    while (config.models[model].pointer != item.where.pointer) ++model;
    for (std::string& hint : model_hints(item, config.settings.models[model])) {
      config.hints.push_back(std::move(hint));
    }
  }
}

}  // namespace

LifecycleConfig parse_lifecycle(const Node& node, Duration duration) {
  Object object(node);
  refuse_not_built(object,
                   {"pool", "drifts", "feature_store", "pipelines", "experiments", "automation"});
  LifecycleConfig config;
  config.where = node.where;
  const Node& models = object.require("models");
  parse_models(models, duration, config);
  parse_surroundings(object, config);
  object.done();
  add_hints(models, config);
  return config;
}

}  // namespace rehearse::models
