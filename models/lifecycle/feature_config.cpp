#include "models/lifecycle/feature_config.hpp"

#include <algorithm>

#include "models/lifecycle/names.hpp"
#include "models/lifecycle/not_built.hpp"

namespace rehearse::models {
namespace {

using config::Node;
using config::Object;

constexpr std::int64_t kMostFeatures = 1000;
constexpr std::int64_t kDefaultFeatures = 8;
constexpr double kMostReaction = 1e6;

Features numbered(std::int64_t count) {
  Features features;
  for (std::int64_t i = 0; i < count; ++i) features.names.push_back("x" + std::to_string(i));
  return features;
}

void parse_feature(const Node& node, Features& features) {
  if (node.kind == config::Kind::string) fail_not_built(node, "a feature of the pool");
  Object object(node);
  refuse_not_built(object, {"group", "memory"});
  const Node& name = object.require("name");
  features.names.push_back(to_name(name));
  const auto same = std::count(features.names.begin(), features.names.end(), features.names.back());
  if (same > 1) config::fail(name, "a second feature \"" + features.names.back() + "\"");
  features.traits.emplace_back();
  features.traits.back().reacts = object.number("reacts", 0, {-kMostReaction, kMostReaction});
  object.done();
}

}  // namespace

Features parse_features(Object& model) {
  const Node* node = model.find("features");
  if (node == nullptr) return numbered(kDefaultFeatures);
  if (node->kind == config::Kind::object) fail_not_built(*node, "a pool of features");
  if (node->kind != config::Kind::array) {
    return numbered(config::to_integer(*node, 1, kMostFeatures));
  }
  if (node->items.empty() || node->items.size() > kMostFeatures) {
    config::fail(
        *node, "found " + std::to_string(node->items.size()) + " features; 1 to 1000 are allowed");
  }
  Features features;
  for (const Node& item : node->items) parse_feature(item, features);
  const bool reacts = std::any_of(features.traits.begin(), features.traits.end(),
                                  [](const auto& one) { return one.reacts != 0; });
  if (!reacts) features.traits.clear();
  return features;
}

std::size_t to_feature(const Node& node, const Features& features) {
  const auto last = static_cast<std::int64_t>(features.count()) - 1;
  if (node.kind != config::Kind::string) {
    if (node.is_integer && node.integer >= 0 && node.integer <= last) {
      return static_cast<std::size_t>(node.integer);
    }
    config::fail(node, "found " + config::shown(node) + "; a feature is a number from 0 to " +
                           std::to_string(last) + " or its name");
  }
  const auto found = std::find(features.names.begin(), features.names.end(), node.text);
  if (found != features.names.end()) {
    return static_cast<std::size_t>(found - features.names.begin());
  }
  const auto near = config::nearest(node.text, features.names);
  config::fail(node, "found " + config::shown(node) + "; the model's features are " +
                         features.names.front() + " to " + features.names.back() +
                         (near ? "; did you mean " + *near + "?" : ""));
}

std::vector<std::size_t> to_features(const Node& node, const Features& features) {
  if (node.kind != config::Kind::array || node.items.empty()) {
    config::fail(node, "found " + config::shown(node) + "; a list of features is allowed");
  }
  std::vector<std::size_t> all;
  for (const Node& item : node.items) {
    const std::size_t feature = to_feature(item, features);
    if (std::find(all.begin(), all.end(), feature) != all.end()) {
      config::fail(item, "found " + config::shown(item) + " a second time");
    }
    all.push_back(feature);
  }
  return all;
}

}  // namespace rehearse::models
