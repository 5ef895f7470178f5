#include "experiments/scenario/existence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/nearest_uri.hpp"
#include "world/uri.hpp"

namespace rehearse::experiments {
namespace {

constexpr std::size_t kMostGenerated = 1000;  // of a type, among what may have been meant

std::size_t number_of(std::string_view generated) {
  const std::string_view digits = generated.substr(generated.rfind('-') + 1);
  std::size_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

std::string prefix_of(const world::TypeShape& type, const std::string& platform) {
  return world::make_uri(type.component, platform, "");
}

}  // namespace

Existence::Existence(const Scenario& scenario) : scenario_(scenario) {
  for (std::size_t source = 0; source < scenario.shapes.size(); ++source) {
    const std::string& name = scenario.shapes[source].name;
    for (const world::EntityGroup& group : scenario.contents[source].entities) {
      if (group.count == 0) continue;
      const std::string& type = group.pattern.type;
      add(source, group.pattern);
      for (const auto& pick : group.picks) add_reference(source, type, pick.first);
      if (group.pattern.id.empty()) {
        generated_[{source, type}] = world::generated_count(scenario.contents, name, type);
      }
    }
    add_changes(source);
  }
  const std::vector<std::string> names = scenario.source_names();
  for (const world::TimedOperation& due : scenario.timeline) {
    const auto found = std::find(names.begin(), names.end(), due.operation.source);
    add(static_cast<std::size_t>(found - names.begin()), due.operation);
  }
  add_footprint();
}

void Existence::add(std::size_t source, const world::Operation& operation) {
  const world::SourceShape& shape = scenario_.shapes[source];
  const world::TypeShape& type = *world::find_type(shape, operation.type);
  types_.insert(operation.type);
  if (!operation.id.empty()) {
    named_.insert(world::make_uri(type.component, shape.platform, operation.id));
  }
  for (const auto& [attribute, ids] : operation.refs) {
    if (!ids.empty()) add_reference(source, operation.type, attribute);
  }
  add_parts(source, operation);
}

void Existence::add_reference(std::size_t source, const std::string& type,
                              const std::string& attribute) {
  const world::TypeShape* shape = world::find_type(scenario_.shapes[source], type);
  const world::RefShape* ref = shape == nullptr ? nullptr : world::find_ref(*shape, attribute);
  if (ref != nullptr) relations_.insert(ref->relation);
}

void Existence::add_parts(std::size_t source, const world::Operation& operation) {
  if (operation.parts.empty()) return;
  const world::TypeShape& type = *world::find_type(scenario_.shapes[source], operation.type);
  types_.insert(type.parts->type);
  add_reference(source, type.parts->type, type.parts->parent_attribute);
  for (const world::Part& part : operation.parts) {
    part_keys_[{source, operation.type}].insert(part.key);
  }
}

void Existence::add_changes(std::size_t source) {
  for (const models::ChangeConfig& change : scenario_.simulation.sources[source].changes) {
    for (const models::RefChoice& ref : change.refs) {
      add_reference(source, change.type, ref.attribute);
    }
  }
}

void Existence::add_footprint() {
  const std::vector<std::string> names = scenario_.source_names();
  for (const world::Creation& creation : scenario_.footprint.creations()) {
    const auto found = std::find(names.begin(), names.end(), creation.source);
    world::Operation operation;
    operation.type = creation.type;
    for (const std::string& key : creation.parts) operation.parts.push_back({key, ""});
    const auto source = static_cast<std::size_t>(found - names.begin());
    add(source, operation);
    for (const std::string& attribute : creation.refs) {
      add_reference(source, creation.type, attribute);
    }
  }
}

bool Existence::can_exist(const std::string& uri) const {
  if (named_.contains(uri)) return true;
  for (std::size_t source = 0; source < scenario_.shapes.size(); ++source) {
    const world::SourceShape& shape = scenario_.shapes[source];
    for (const world::TypeShape& type : shape.types) {
      const std::string prefix = prefix_of(type, shape.platform);
      if (!uri.starts_with(prefix)) continue;
      const auto id = world::percent_decode(uri.substr(prefix.size()));
      if (id && can_exist(source, type, *id)) return true;
    }
  }
  return false;
}

bool Existence::can_exist(std::size_t source, const world::TypeShape& type,
                          const std::string& id) const {
  const world::SourceShape& shape = scenario_.shapes[source];
  if (named_.contains(world::make_uri(type.component, shape.platform, id))) return true;
  if (scenario_.footprint.may_create(shape.name, type.type, id)) return true;
  if (world::is_generated_id(type.type, id)) {
    const auto count = generated_.find({source, type.type});
    if (count != generated_.end() && number_of(id) < count->second) return true;
  }
  for (const world::TypeShape& parent : shape.types) {
    if (!parent.parts || parent.parts->type != type.type) continue;
    const std::size_t end = id.rfind(parent.parts->separator);
    const auto keys = part_keys_.find({source, parent.type});
    if (end == std::string::npos || keys == part_keys_.end()) continue;
    const std::string key = id.substr(end + parent.parts->separator.size());
    if (keys->second.contains(key) && can_exist(source, parent, id.substr(0, end))) return true;
  }
  return false;
}

std::string Existence::nearest(const std::string& uri) const {
  std::vector<std::string> known(named_.begin(), named_.end());
  std::set<std::string> kinds;
  for (std::size_t source = 0; source < scenario_.shapes.size(); ++source) {
    const world::SourceShape& shape = scenario_.shapes[source];
    for (const world::TypeShape& type : shape.types) {
      if (!has_type(type.type)) continue;
      kinds.insert(prefix_of(type, shape.platform));
      const auto count = generated_.find({source, type.type});
      const std::size_t most = count == generated_.end() ? 0 : count->second;
      for (const std::string& id : scenario_.footprint.examples(shape.name, type.type)) {
        known.push_back(world::make_uri(type.component, shape.platform, id));
      }
      for (std::size_t i = 0; i < std::min(most, kMostGenerated); ++i) {
        known.push_back(
            world::make_uri(type.component, shape.platform, world::generated_id(type.type, i)));
      }
    }
  }
  if (const auto near = config::nearest_uri(uri, known)) return "; did you mean " + *near + "?";
  return fmt::format("; allowed are entities under {}", fmt::join(kinds, ", "));
}

}  // namespace rehearse::experiments
