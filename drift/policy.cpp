#include "drift/policy.hpp"

#include <fmt/format.h>

#include <set>

#include "drift/embedded.hpp"

namespace rehearse::drift {
namespace {

const std::vector<std::pair<std::string, ActionKind>>& actions() {
  static const std::vector<std::pair<std::string, ActionKind>> all = {
      {"alert", ActionKind::alert},
      {"retrain", ActionKind::retrain},
      {"investigate", ActionKind::investigate},
      {"expand-data", ActionKind::expand_data}};
  return all;
}

template <typename Value>
Value choose(config::Object& object, const char* key,
             const std::vector<std::pair<std::string, Value>>& all) {
  object.require(key);
  std::vector<std::string> names;
  for (const auto& [name, one] : all) names.push_back(name);
  const std::string chosen = object.choice(key, names.front(), names);
  for (const auto& [name, one] : all) {
    if (name == chosen) return one;
  }
  return all.front().second;
}

ResponseRule read_response(const config::Node& node) {
  config::Object object(node);
  ResponseRule response;
  response.action = choose(object, "action", actions());
  response.emphasis = object.string("emphasis", "");
  response.checks = static_cast<int>(object.integer("checks", 1, 1, 1'000'000));
  response.longer_than = object.duration_or_none("longer_than", std::nullopt);
  response.cool_down = object.duration("cool_down", response.cool_down);
  if (object.has("cap")) {
    response.cap = static_cast<int>(object.integer("cap", 1, 1, 1'000'000));
  }
  response.cap_window = object.duration("cap_window", response.cap_window);
  object.done();
  return response;
}

void check_conditions(const config::Node& node, const Policy& policy) {
  const bool samples = compares_samples(policy.conditions.front().measure);
  for (const Condition& condition : policy.conditions) {
    if (compares_samples(condition.measure) == samples) continue;
    config::fail(node,
                 "conditions look at samples and at single values; all of one policy look at the "
                 "same");
  }
}

/// A detector starts afresh after it has signalled, so checks that violate come one by one.
void check_detectors(const config::Node& responses, const Policy& policy) {
  for (const Condition& condition : policy.conditions) {
    if (condition.measure != Measure::detector) continue;
    for (std::size_t i = 0; i < policy.responses.size(); ++i) {
      const ResponseRule& response = policy.responses[i];
      if (response.checks == 1 && !response.longer_than) continue;
      config::fail(
          responses.items[i],
          fmt::format("{} signals at single checks; a response to it has \"checks\": 1 and "
                      "no \"longer_than\"",
                      condition.detector));
    }
  }
}

void set_watch(config::Object& object, Policy& policy) {
  const bool samples = compares_samples(policy.conditions.front().measure);
  if (const config::Node* given = object.find("watch")) {
    policy.watch = read_watch(*given);
    if (compares_samples(policy.watch->what) == samples) return;
    config::fail(*given, samples ? "it is one number a check, and the conditions compare samples"
                                 : "it is a sample, and the conditions look at single values");
  }
  const auto told = watched_by(policy.signal);
  if (told && compares_samples(*told) == samples) policy.watch = Watch{*told, {}};
}

const std::vector<config::Node>& items_of(config::Object& object, const char* key) {
  const config::Node& list = object.require(key);
  if (list.kind != config::Kind::array || list.items.empty()) {
    config::fail(list,
                 fmt::format("{}; a list with at least one entry is due", config::shown(list)));
  }
  return list.items;
}

}  // namespace

std::string to_string(ActionKind action) {
  for (const auto& [name, one] : actions()) {
    if (one == action) return name;
  }
  return "";
}

Policy read_policy(const config::Node& node) {
  config::Object object(node);
  Policy policy;
  policy.name = config::to_string(object.require("name"));
  policy.model = object.string("model", "");
  policy.drift = object.choice("drift", "data", {"data", "concept", "prediction"});
  policy.signal = object.string("signal", "");
  policy.every = object.duration("every", policy.every);
  if (policy.every <= Duration{}) config::fail(object.require("every"), "a time above 0 is due");
  if (const config::Node* baseline = object.find("baseline")) {
    config::Object inner(*baseline);
    policy.baseline.window = inner.duration("window", policy.baseline.window);
    policy.baseline.least_values =
        static_cast<int>(inner.integer("least_values", policy.baseline.least_values, 1, 1'000'000));
    inner.done();
  }
  for (const config::Node& one : items_of(object, "conditions")) {
    policy.conditions.push_back(read_condition(one));
  }
  for (const config::Node& one : items_of(object, "responses")) {
    policy.responses.push_back(read_response(one));
  }
  check_conditions(object.require("conditions"), policy);
  check_detectors(object.require("responses"), policy);
  set_watch(object, policy);
  object.done();
  return policy;
}

std::vector<Policy> read_policies(const config::Node& node) {
  config::Object object(node);
  std::vector<Policy> policies;
  std::set<std::string> names;
  for (const config::Node& one : items_of(object, "policies")) {
    policies.push_back(read_policy(one));
    if (!names.insert(policies.back().name).second) {
      config::fail(one,
                   fmt::format("a second policy \"{}\"; names are unique", policies.back().name));
    }
  }
  object.done();
  return policies;
}

std::vector<Policy> shipped_policies() {
  std::vector<Policy> all;
  for (const EmbeddedFile& file : embedded_files()) {
    const config::Node node = config::parse(file.text, file.path);
    for (Policy& policy : read_policies(node)) all.push_back(std::move(policy));
  }
  return all;
}

}  // namespace rehearse::drift
