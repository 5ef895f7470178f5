#include "mds/upkeep/rule.hpp"

#include <set>

namespace rehearse::mds {
namespace {

std::string word(config::Object& object, std::string_view key) {
  const config::Node& node = object.require(key);
  std::string text = config::to_string(node);
  if (text.empty()) config::fail(node, "found an empty name");
  return text;
}

std::optional<Condition> parse_condition(config::Object& object) {
  const config::Node* node = object.find("where");
  if (node == nullptr) return std::nullopt;
  config::Object where(*node);
  Condition condition{word(where, "attribute"), config::to_string(where.require("equals"))};
  where.done();
  return condition;
}

RuleStep parse_step(const config::Node& node) {
  config::Object object(node);
  RuleStep step;
  step.relation = word(object, "relation");
  step.backwards = object.choice("direction", "out", {"out", "in"}) == "in";
  step.to = word(object, "to");
  step.where = parse_condition(object);
  object.done();
  return step;
}

// There and back again: the start, a shared target, another start.
void parse_similar(const config::Node& node, Rule& rule) {
  config::Object object(node);
  RuleStep there;
  there.relation = word(object, "relation");
  there.to = word(object, "to");
  RuleStep back{there.relation, true, rule.from, rule.where};
  rule.similarity = config::to_number(object.require("threshold"), {0, 1, true});
  rule.path = {std::move(there), std::move(back)};
  object.done();
}

void parse_path(const config::Node& node, Rule& rule) {
  if (node.kind != config::Kind::array || node.items.empty()) {
    config::fail(node, "found " + config::shown(node) + "; a path is an array of steps");
  }
  for (const config::Node& step : node.items) rule.path.push_back(parse_step(step));
}

Rule parse_rule(const config::Node& node) {
  config::Object object(node);
  Rule rule;
  rule.name = word(object, "name");
  rule.from = word(object, "from");
  rule.where = parse_condition(object);
  const config::Node* path = object.find("path");
  const config::Node* similar = object.find("similar");
  if ((path == nullptr) == (similar == nullptr)) {
    config::fail(node, "a rule has either a \"path\" or a \"similar\"");
  }
  if (path != nullptr) {
    rule.inverse = word(object, "inverse");
    parse_path(*path, rule);
  } else {
    rule.inverse = rule.name;
    parse_similar(*similar, rule);
  }
  object.done();
  return rule;
}

}  // namespace

std::vector<Rule> parse_rules(const config::Node& node) {
  config::Object object(node);
  const config::Node& list = object.require("rules");
  if (list.kind != config::Kind::array) {
    config::fail(list, "found " + config::shown(list) + "; rules are an array");
  }
  std::vector<Rule> rules;
  std::set<std::string> names;
  for (const config::Node& item : list.items) {
    rules.push_back(parse_rule(item));
    const Rule& rule = rules.back();
    const bool fresh = names.insert(rule.name).second;
    if (!fresh || (rule.inverse != rule.name && !names.insert(rule.inverse).second)) {
      config::fail(item, "the name \"" + (fresh ? rule.inverse : rule.name) + "\" is taken");
    }
  }
  object.done();
  return rules;
}

}  // namespace rehearse::mds
