#include "models/lifecycle/monitor_config.hpp"

#include <algorithm>

#include "drift/policy.hpp"

namespace rehearse::models {
namespace {

using config::Node;
using config::Object;

constexpr std::int64_t kMostSampled = 1'000'000;

drift::Policy shipped_policy(const Node& node) {
  std::vector<std::string> names;
  for (drift::Policy& policy : drift::shipped_policies()) {
    if (policy.name == node.text) return std::move(policy);
    names.push_back(policy.name);
  }
  const auto near = config::nearest(node.text, names);
  std::string known;
  for (const std::string& name : names) known += (known.empty() ? "" : ", ") + name;
  config::fail(node, "no policy is called " + config::shown(node) +
                         (near ? "; did you mean \"" + *near + "\"?" : "") + "; shipped are " +
                         known);
}

/// Features that a policy names stand under its "watch".
std::vector<std::size_t> named_features(const Node& node, const Features& features) {
  const Node* watch = node.find("watch");
  const Node* named =
      watch == nullptr || watch->kind != config::Kind::object ? nullptr : watch->find("features");
  return named == nullptr ? std::vector<std::size_t>{} : to_features(*named, features);
}

lifecycle::WatchingPolicy parse_monitor(const Node& node, const Features& features) {
  lifecycle::WatchingPolicy watching;
  if (node.kind == config::Kind::string) {
    watching.policy = shipped_policy(node);
  } else {
    watching.policy = drift::read_policy(node);
    watching.features = named_features(node, features);
  }
  if (!watching.policy.watch) {
    config::fail(node,
                 "this policy does not say what it looks at; \"watch\" is one of features, score, "
                 "engagement, unmatched, errors");
  }
  watching.what = watching.policy.watch->what;
  return watching;
}

}  // namespace

std::vector<lifecycle::WatchingPolicy> parse_monitors(const Node& node, const Features& features) {
  if (node.kind != config::Kind::array) {
    config::fail(node, "found " + config::shown(node) + "; a list of policies is allowed");
  }
  std::vector<lifecycle::WatchingPolicy> monitors;
  for (const Node& item : node.items) {
    lifecycle::WatchingPolicy one = parse_monitor(item, features);
    const bool known = std::any_of(monitors.begin(), monitors.end(), [&](const auto& other) {
      return other.policy.name == one.policy.name;
    });
    if (known) config::fail(item, "a second policy \"" + one.policy.name + "\"");
    monitors.push_back(std::move(one));
  }
  return monitors;
}

lifecycle::SampleSettings parse_samples(const Node& node) {
  Object object(node);
  lifecycle::SampleSettings samples;
  samples.current = static_cast<std::size_t>(
      object.integer("current", static_cast<std::int64_t>(samples.current), 1, kMostSampled));
  samples.reference = static_cast<std::size_t>(
      object.integer("reference", static_cast<std::int64_t>(samples.reference), 10, kMostSampled));
  object.done();
  return samples;
}

}  // namespace rehearse::models
