#include "world/inference.hpp"

#include <utility>

namespace rehearse::world {
namespace {

std::string required_text(config::Object& object, const char* key) {
  const config::Node& node = object.require(key);
  std::string text = config::to_string(node);
  if (text.empty()) config::fail(node, "is empty");
  return text;
}

const std::vector<config::Node>& array_of(const config::Node& node) {
  if (node.kind != config::Kind::array) {
    config::fail(node, config::shown(node) + "; an array is needed");
  }
  return node.items;
}

InferenceStep parse_step(const config::Node& node) {
  config::Object object(node);
  InferenceStep step;
  step.relation = required_text(object, "relation");
  step.to = required_text(object, "to");
  step.backwards = object.choice("direction", "out", {"out", "in"}) == "in";
  object.done();
  return step;
}

}  // namespace

std::vector<InferenceRule> parse_inference(const config::Node& node) {
  config::Object file(node);
  std::vector<InferenceRule> rules;
  for (const config::Node& item : array_of(file.require("rules"))) {
    config::Object object(item);
    InferenceRule rule;
    rule.name = required_text(object, "name");
    rule.inverse = required_text(object, "inverse");
    rule.from = required_text(object, "from");
    const config::Node& path = object.require("path");
    for (const config::Node& step : array_of(path)) rule.path.push_back(parse_step(step));
    if (rule.path.empty()) config::fail(path, "a path needs a step");
    object.done();
    rules.push_back(std::move(rule));
  }
  file.done();
  return rules;
}

}  // namespace rehearse::world
