#include "experiments/scenario/scenario_lifecycle.hpp"

#include <algorithm>
#include <set>
#include <string>

namespace rehearse::experiments {
namespace {

/// What the scenario says of one source, held against what models declare.
class Apart {
 public:
  Apart(const models::Declaration& declared, const std::string& source)
      : declared_(declared), source_(source) {
    for (const world::SourceContent& content : declared.population) {
      if (content.source != source) continue;
      for (const world::EntityGroup& group : content.entities) {
        there_.emplace(group.pattern.type, group.pattern.id);
      }
    }
  }

  /// Types of one component share their ids.
  void check_created(const std::string& type, const std::string& id, const Where& where) const {
    const world::SourceShape& shape = *world::shipped_shape(source_);
    const world::TypeShape* own = world::find_type(shape, type);
    for (const world::TypeShape& other : shape.types) {
      if (id.empty() || own == nullptr || other.component != own->component) continue;
      if (!owned(other.type, id)) continue;
      throw InputError(
          where, "the lifecycle creates " + other.type + " " + id + "; allowed is another id");
    }
  }

  void check_removed(const std::string& type, const std::string& id, const Where& where) const {
    if (!kept(type) || !owned(type, id)) return;
    throw InputError(where, type + " " + id +
                                " is changed by the lifecycle, which needs it to be "
                                "there; allowed are other operations and entities");
  }

  /// Whether a random deletion could hit an entity that models change.
  bool kept(const std::string& type) const {
    return std::find(declared_.kept.begin(), declared_.kept.end(), std::pair(source_, type)) !=
           declared_.kept.end();
  }

 private:
  bool owned(const std::string& type, const std::string& id) const {
    return there_.contains({type, id}) || declared_.footprint.may_create(source_, type, id);
  }

  const models::Declaration& declared_;
  std::string source_;
  std::set<std::pair<std::string, std::string>> there_;
};

void check_operation(const Apart& apart, const world::Operation& operation, const Where& where) {
  if (operation.op == world::Op::create) apart.check_created(operation.type, operation.id, where);
  if (operation.op == world::Op::remove) apart.check_removed(operation.type, operation.id, where);
}

}  // namespace

void check_lifecycle_sources(const config::Node& sources) {
  std::string missing;
  for (const std::string& name : world::shipped_shape_names()) {
    if (sources.find(name) == nullptr) missing += (missing.empty() ? "" : ", ") + name;
  }
  if (missing.empty()) return;
  config::fail(sources,
               "a lifecycle works on all six sources that ship, for each of which {} "
               "suffices; missing: " +
                   missing);
}

void check_apart(const models::Declaration& declared, const config::Node& node,
                 const world::SourceContent& content, const models::SourceConfig& source) {
  const bool nothing = declared.population.empty() && declared.footprint.creations().empty();
  if (nothing || world::shipped_shape(source.name) == nullptr) return;
  const Apart apart(declared, source.name);
  for (const world::EntityGroup& group : content.entities) {
    apart.check_created(group.pattern.type, group.pattern.id, group.where);
  }
  for (const world::ScriptEntry& entry : content.script) {
    check_operation(apart, entry.operation, entry.where);
  }
  for (const world::Trace& trace : content.traces) {
    for (const world::TracedOperation& traced : trace.operations) {
      check_operation(apart, traced.operation, {trace.file, "", traced.line, 1});
    }
  }
  for (std::size_t i = 0; i < source.changes.size(); ++i) {
    const models::ChangeConfig& change = source.changes[i];
    if (change.op != world::Op::remove || !apart.kept(change.type)) continue;
    config::fail(node.find("changes")->items[i],
                 "a random deletion may hit a " + change.type +
                     " that the lifecycle changes; allowed are updates and creations, or another "
                     "type");
  }
}

}  // namespace rehearse::experiments
