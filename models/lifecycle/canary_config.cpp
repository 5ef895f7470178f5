#include "models/lifecycle/canary_config.hpp"

#include <algorithm>

#include "base/config_yaml.hpp"
#include "rollout/canary_config.hpp"

namespace rehearse::models {
namespace {

using config::Node;
using config::Object;

constexpr double kMostOfTheTraffic = 0.5;  // as much goes to the baseline

/// What a minute of a canary measures (lifecycle/canary.hpp).
const std::vector<std::string>& measured() {
  static const std::vector<std::string> names = {"errors", "error_rate", "latency_p99",
                                                 "engagement"};
  return names;
}

void check_metrics(const rollout::CanaryConfig& config, const Node& node) {
  for (const rollout::MetricConfig& metric : config.metrics) {
    if (std::find(measured().begin(), measured().end(), metric.name) != measured().end()) continue;
    const auto near = config::nearest(metric.name, measured());
    throw InputError(metric.where.pointer.empty() ? node.where : metric.where,
                     "a canary has no metric \"" + metric.name +
                         "\"; it has errors, error_rate, latency_p99 and engagement" +
                         (near ? "; did you mean " + *near + "?" : ""));
  }
}

/// The file that the node names.
Node load_named(const Node& node) {
  try {
    return config::load_json_or_yaml(config::to_path(node));
  } catch (const InputError& error) {
    if (error.where().line > 0) throw;  // it has been read
    throw InputError(node.where, error.what());
  }
}

rollout::CanaryConfig parse_judge(const Node& node) {
  if (node.kind == config::Kind::string && node.text == "default") {
    return lifecycle::shipped_canary_config();
  }
  rollout::CanaryConfig config;
  if (node.kind == config::Kind::string) {
    config = rollout::read_canary_config(load_named(node));
  } else {
    config = rollout::read_canary_config(node);
  }
  config.judge.as_kayenta = false;  // as `rehearse judge` does
  check_metrics(config, node);
  return config;
}

/// A whole number of minutes, as a minute is a point.
Duration minutes(Object& object, const char* key, Duration otherwise) {
  const Duration duration = object.duration(key, otherwise);
  if (duration >= Duration::minutes(1) && duration.ns % Duration::minutes(1).ns == 0) {
    return duration;
  }
  const Node& node = object.require(key);
  config::fail(node, "found " + config::shown(node) + "; whole minutes are allowed, at least one");
}

}  // namespace

lifecycle::CanarySettings parse_canary(const Node& node) {
  Object object(node);
  lifecycle::CanarySettings canary;
  canary.share = object.number("share", canary.share, {0, 1, true});
  if (canary.share > kMostOfTheTraffic) {
    const Node& share = object.require("share");
    config::fail(share,
                 "found " + config::shown(share) +
                     "; the baseline takes as much as the canary, so at most 0.5 is allowed");
  }
  canary.lasts = minutes(object, "for", canary.lasts);
  canary.look = minutes(object, "look", std::min(canary.look, canary.lasts));
  if (canary.look > canary.lasts) {
    const Node& look = object.require("look");
    config::fail(
        look, "found " + config::shown(look) +
                  "; the canary is over before the first look, its \"for\" is " +
                  (object.has("for") ? config::shown(object.require("for")) : std::string("4h")));
  }
  if (const Node* config = object.find("config")) canary.config = parse_judge(*config);
  const std::string no_data = object.choice("no_data", "fail", {"fail", "extend", "pass"});
  if (no_data == "extend") canary.no_data = lifecycle::NoData::extend;
  if (no_data == "pass") canary.no_data = lifecycle::NoData::pass;
  object.done();
  return canary;
}

}  // namespace rehearse::models
