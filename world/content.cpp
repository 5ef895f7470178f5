#include "world/content.hpp"

#include <utility>

#include "world/attributes.hpp"

namespace rehearse::world {
namespace {

constexpr std::size_t kMostEntities = 100'000'000;

const std::vector<config::Node>& items_of(const config::Node* node) {
  static const std::vector<config::Node> none;
  if (node == nullptr) return none;
  if (node->kind != config::Kind::array) {
    config::fail(*node, config::shown(*node) + "; an array is needed");
  }
  return node->items;
}

void no_owners_twice(const Operation& operation, const std::string& name,
                     const config::Node& node) {
  if (operation.refs.count(name) > 0) config::fail(node, name + " is given twice");
}

RefPick read_pick(const RefShape& ref, const config::Node& node) {
  config::Object object(node);
  RefPick pick;
  pick.where = node.where;
  if (const config::Node* type = object.find("type")) {
    if (config::to_string(*type) != ref.type) {
      config::fail(*type, config::shown(*type) + "; " + ref.attribute + " refers to " + ref.type);
    }
  }
  pick.count = static_cast<std::size_t>(object.integer("count", 1, 0, kMostEntities));
  if (!ref.many && pick.count > 1) {
    config::fail(*object.find("count"), ref.attribute + " refers to one entity, not to several");
  }
  const std::optional<double> zipf = read_zipf(object);
  pick.zipf = zipf.has_value();
  pick.exponent = zipf.value_or(pick.exponent);
  object.done();
  return pick;
}

EntityGroup read_group(const config::Node& node, const SourceShape& shape) {
  config::Object object(node);
  EntityGroup group;
  group.where = node.where;
  const TypeShape& type = required_type(object, shape);
  group.pattern.source = shape.name;
  group.pattern.type = type.type;
  group.pattern.op = Op::create;
  if (const config::Node* id = object.find("id")) {
    group.pattern.id = required_id(*id);
    if (const config::Node* count = object.find("count")) {
      config::fail(*count, "an entity with an id of its own has no count");
    }
  } else {
    group.count =
        static_cast<std::size_t>(config::to_integer(object.require("count"), 0, kMostEntities));
  }
  read_attributes(object, type, group.pattern);
  for (const auto& [name, ref_node] : members_of(object.find("refs"))) {
    const RefShape& ref = named_ref(type, name, ref_node);
    no_owners_twice(group.pattern, name, ref_node);
    if (ref_node.kind == config::Kind::object) {
      group.picks[name] = read_pick(ref, ref_node);
    } else {
      group.pattern.refs[name] = ref_ids(ref, ref_node);
    }
  }
  group.may_dangle = object.boolean("may_dangle", false);
  object.done();
  return group;
}

ScriptEntry read_entry(const config::Node& node, const SourceShape& shape) {
  config::Object object(node);
  ScriptEntry entry;
  entry.where = node.where;
  entry.at = Time{0} + config::to_duration(object.require("at"));
  const std::string op = object.choice("op", "update", {"create", "update", "delete"});
  entry.operation.op = op == "create" ? Op::create : op == "update" ? Op::update : Op::remove;
  const TypeShape& type = required_type(object, shape);
  entry.operation.source = shape.name;
  entry.operation.type = type.type;
  entry.operation.id = required_id(object.require("id"));
  if (entry.operation.op != Op::remove) {
    read_attributes(object, type, entry.operation);
    for (const auto& [name, ref_node] : members_of(object.find("refs"))) {
      const RefShape& ref = named_ref(type, name, ref_node);
      no_owners_twice(entry.operation, name, ref_node);
      entry.operation.refs[name] = ref_ids(ref, ref_node);
    }
  }
  entry.may_dangle = object.boolean("may_dangle", false);
  object.done();
  return entry;
}

}  // namespace

std::optional<double> read_zipf(config::Object& section) {
  const bool zipf = section.choice("pick", "uniform", {"uniform", "zipf"}) == "zipf";
  const config::Node* exponent = section.find("exponent");
  if (!zipf && exponent != nullptr) {
    config::fail(*exponent, "found " + config::shown(*exponent) +
                                ", but a uniform pick has no exponent; allowed is \"pick\": "
                                "\"zipf\" beside it, or no exponent");
  }
  const double value = section.number("exponent", 1, {0, 10});
  return zipf ? std::optional(value) : std::nullopt;
}

SourceContent parse_content(config::Object& section, const SourceShape& shape) {
  SourceContent content;
  content.source = shape.name;
  for (const config::Node& node : items_of(section.find("entities"))) {
    content.entities.push_back(read_group(node, shape));
  }
  for (const config::Node& node : items_of(section.find("script"))) {
    content.script.push_back(read_entry(node, shape));
  }
  if (const config::Node* traces = section.find("trace")) {
    for (const config::Node* node : one_or_many(*traces)) {
      content.traces.push_back(read_trace(*node, shape));
    }
  }
  return content;
}

}  // namespace rehearse::world
