#include "models/sources/change_config.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "world/content.hpp"

namespace rehearse::models {
namespace {

using config::Node;
using config::Object;

[[noreturn]] void fail_name(const Node& node, const std::string& name, const std::string& what,
                            const std::vector<std::string>& allowed) {
  config::fail(node,
               "found \"" + name + "\"; allowed is " + what + world::known_names(name, allowed));
}

const world::TypeShape& type_named(const Node& node, const world::SourceShape& source) {
  const std::string name = config::to_string(node);
  const std::vector<std::string> allowed = world::document_types(source);
  if (std::find(allowed.begin(), allowed.end(), name) == allowed.end()) {
    fail_name(node, name, "a type of " + source.name, allowed);
  }
  return *world::find_type(source, name);
}

world::FieldValue parse_value(const Node& node, world::FieldKind kind) {
  if (kind == world::FieldKind::text) return config::to_string(node);
  if (kind == world::FieldKind::integer) {
    return config::to_integer(node, std::numeric_limits<std::int64_t>::min(),
                              std::numeric_limits<std::int64_t>::max());
  }
  if (node.kind == config::Kind::boolean) return node.boolean;
  if (node.kind == config::Kind::string) return node.text;
  if (node.is_integer) return node.integer;
  return config::to_number(node);
}

std::vector<FieldChoice> parse_fields(const Node& node, const world::TypeShape& type) {
  Object check(node);
  std::vector<FieldChoice> fields;
  for (const auto& [attribute, value] : node.members) {
    const world::FieldShape* shape = world::find_field(type, attribute);
    if (shape == nullptr)
      fail_name(value, attribute, "a field of " + type.type, world::field_names(type));
    FieldChoice field{attribute, {}};
    if (value.kind == config::Kind::array) {
      for (const Node& item : value.items) field.values.push_back(parse_value(item, shape->kind));
    } else {
      field.values.push_back(parse_value(value, shape->kind));
    }
    if (field.values.empty()) {
      config::fail(value, "found an empty array; allowed is at least one value to draw");
    }
    fields.push_back(std::move(field));
  }
  return fields;
}

RefChoice parse_ref(const Node& node, const std::string& attribute,
                    const std::vector<world::SourceShape>& all) {
  Object object(node);
  RefChoice ref;
  ref.attribute = attribute;
  const Node& type = object.require("type");
  ref.type = config::to_string(type);
  std::vector<std::string> allowed;
  for (const world::SourceShape& source : all) {
    for (const world::TypeShape& shape : source.types) {
      if (!shape.path.empty()) allowed.push_back(shape.type);
      if (shape.parts) allowed.push_back(shape.parts->type);
    }
  }
  if (std::find(allowed.begin(), allowed.end(), ref.type) == allowed.end()) {
    fail_name(type, ref.type, "a type of the scenario's sources", allowed);
  }
  ref.count = static_cast<std::size_t>(object.integer("count", 1, 0, 10'000));
  const std::optional<double> zipf = world::read_zipf(object);
  ref.zipf = zipf.has_value();
  ref.exponent = zipf.value_or(ref.exponent);
  object.done();
  return ref;
}

std::vector<RefChoice> parse_refs(const Node& node, const world::TypeShape& type,
                                  const std::vector<world::SourceShape>& all) {
  Object check(node);
  const std::vector<std::string> allowed = world::ref_names(type);
  std::vector<RefChoice> refs;
  for (const auto& [attribute, value] : node.members) {
    if (std::find(allowed.begin(), allowed.end(), attribute) == allowed.end()) {
      fail_name(value, attribute, "a reference of " + type.type, allowed);
    }
    refs.push_back(parse_ref(value, attribute, all));
  }
  return refs;
}

// What has been going on for ever is under way in the middle of an interval: of one without a mean
// no middle can be told.
void require_mean(const Node& node, const sim::Distribution& distribution, bool stationary) {
  if (!stationary || distribution.mean()) return;
  config::fail(node,
               "a Pareto distribution with a shape of 1 or less has no finite mean, so that a "
               "process of it has no stationary start; allowed is a shape above 1, or \"start\": "
               "\"renewal\" beside it, which begins with a whole one");
}

BurstConfig parse_burst(const Node& node, bool stationary) {
  Object object(node);
  BurstConfig burst;
  burst.on = sim::parse_distribution(object.require("on"));
  burst.off = sim::parse_distribution(object.require("off"));
  require_mean(object.require("on"), burst.on, stationary);
  require_mean(object.require("off"), burst.off, stationary);
  if (burst.on.always_zero() && burst.off.always_zero()) {
    config::fail(node, "bursts and pauses both last no time; allowed is one of them above 0");
  }
  if (const Node* quiet = object.find("quiet")) burst.quiet = config::to_rate(*quiet);
  object.done();
  return burst;
}

void parse_timing(Object& object, ChangeConfig& change) {
  const Node* rate = object.find("rate");
  const Node* interval = object.find("interval");
  if ((rate == nullptr) == (interval == nullptr)) {
    config::fail(object.node(), "a change has either \"rate\" or \"interval\"");
  }
  change.stationary =
      object.choice("start", "stationary", {"stationary", "renewal"}) == "stationary";
  if (rate != nullptr) change.rate = config::to_rate(*rate);
  if (interval != nullptr) {
    change.interval = sim::parse_distribution(*interval);
    if (change.interval->always_zero()) {
      config::fail(*interval, "changes without time between them never end; allowed is above 0");
    }
    require_mean(*interval, *change.interval, change.stationary);
  }
  if (const Node* burst = object.find("burst")) {
    if (rate == nullptr) config::fail(*burst, "bursts switch a rate; allowed beside \"rate\"");
    change.burst = parse_burst(*burst, change.stationary);
  }
}

ChangeConfig parse_change(const Node& node, const world::SourceShape& source,
                          const std::vector<world::SourceShape>& all) {
  Object object(node);
  ChangeConfig change;
  const world::TypeShape& type = type_named(object.require("type"), source);
  change.type = type.type;
  const std::string op = object.choice("op", "update", {"create", "update", "delete"});
  change.op = op == "create"   ? world::Op::create
              : op == "delete" ? world::Op::remove
                               : world::Op::update;
  const bool create = change.op == world::Op::create;
  change.per_entity = object.choice("per", "type", {"entity", "type"}) == "entity";
  parse_timing(object, change);
  if (create && change.per_entity && change.interval) {
    config::fail(object.node(),
                 "new entities at an interval per entity; allowed is a rate, or per type");
  }
  if (change.op != world::Op::remove) {
    if (const Node* fields = object.find("fields")) change.fields = parse_fields(*fields, type);
    if (const Node* refs = object.find("refs")) change.refs = parse_refs(*refs, type, all);
  }
  object.done();
  return change;
}

}  // namespace

std::vector<ChangeConfig> parse_changes(const Node& node, const world::SourceShape& source,
                                        const std::vector<world::SourceShape>& all) {
  if (node.kind != config::Kind::array) {
    config::fail(node, "found " + config::shown(node) + "; allowed is an array of changes");
  }
  std::vector<ChangeConfig> changes;
  for (const Node& item : node.items) changes.push_back(parse_change(item, source, all));
  return changes;
}

}  // namespace rehearse::models
