// Putting scripts and traces of all sources in one order, and checking them against each other.
#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "world/content.hpp"

namespace rehearse::world {
namespace {

/// An operation on its way into the timeline.
struct Planned {
  Time at;
  Operation operation;
  bool upsert = false;
  const ScriptEntry* script = nullptr;  // else it is from a trace
  const Trace* trace = nullptr;
  std::size_t line = 0;

  Where where() const {
    return script != nullptr ? script->where : Where{trace->file, "", line, 1};
  }
};

class Planner {
 public:
  Planner(const std::vector<SourceShape>& sources, std::vector<SourceContent>& contents,
          const Footprint& footprint)
      : sources_(sources), contents_(contents), footprint_(footprint) {}

  std::vector<TimedOperation> run() {
    check_picks(sources_, contents_);
    add_population();
    collect();
    for (const Planned& planned : plan_) {
      if (planned.operation.op == Op::create) learn(planned.operation);
    }
    check_references();
    std::vector<TimedOperation> timeline;
    timeline.reserve(plan_.size());
    for (Planned& planned : plan_) {
      settle(planned);
      timeline.push_back({planned.at, std::move(planned.operation)});
    }
    return timeline;
  }

 private:
  static std::string key(const std::string& source, const std::string& type,
                         const std::string& id) {
    return source + "/" + type + "/" + id;
  }
  static std::string key(const Operation& operation) {
    return key(operation.source, operation.type, operation.id);
  }

  const TypeShape* type_of(const Operation& operation) const {
    for (const SourceShape& source : sources_) {
      if (source.name == operation.source) return find_type(source, operation.type);
    }
    return nullptr;
  }

  /// Remembers that the scenario creates the entity and its parts at some time.
  void learn(const Operation& operation) {
    known_.insert(key(operation));
    ids_[operation.source + "/" + operation.type].push_back(operation.id);
    learn_parts(operation);
  }

  void learn_parts(const Operation& operation) {
    for (const Part& part : operation.parts) {
      const PartShape& parts = *type_of(operation)->parts;
      const std::string id = operation.id + parts.separator + part.key;
      known_.insert(key(operation.source, parts.type, id));
      ids_[operation.source + "/" + parts.type].push_back(id);
    }
  }

  void add_population() {
    for (const SourceContent& content : contents_) {
      std::unordered_map<std::string, std::size_t> generated;
      for (const EntityGroup& group : content.entities) {
        Operation entity = group.pattern;
        std::size_t& next = generated[entity.type];
        for (std::size_t i = 0; i < group.count; ++i) {
          if (group.pattern.id.empty()) entity.id = generated_id(entity.type, next++);
          if (!exists_.insert(key(entity)).second) {
            throw InputError(group.where, entity.type + " " + entity.id + " is there twice");
          }
          learn(entity);
        }
      }
    }
  }

  void collect() {
    for (SourceContent& content : contents_) {
      for (const ScriptEntry& entry : content.script) {
        plan_.push_back({entry.at, entry.operation, false, &entry, nullptr, 0});
      }
      for (Trace& trace : content.traces) {
        for (TracedOperation& traced : trace.operations) {
          plan_.push_back({traced.at, std::move(traced.operation), traced.upsert, nullptr, &trace,
                           traced.line});
        }
      }
    }
    std::stable_sort(plan_.begin(), plan_.end(),
                     [](const Planned& a, const Planned& b) { return a.at < b.at; });
  }

  void check_references() {
    for (const Planned& planned : plan_) {
      if (planned.script != nullptr) learn_parts(planned.operation);
    }
    for (const SourceContent& content : contents_) {
      for (const EntityGroup& group : content.entities) {
        if (!group.may_dangle) check_targets(group.pattern, group.where);
      }
      for (const ScriptEntry& entry : content.script) {
        if (!entry.may_dangle) check_targets(entry.operation, entry.where);
      }
    }
  }

  // Targets in sources that the scenario does not have cannot be checked.
  void check_targets(const Operation& operation, const Where& where) const {
    for (const auto& [attribute, ids] : operation.refs) {
      const RefShape& ref = *find_ref(*type_of(operation), attribute);
      for (const SourceShape& source : sources_) {
        if (source.platform != ref.platform || find_type(source, ref.type) == nullptr) continue;
        for (const std::string& id : ids) {
          if (!creates(source.name, ref.type, id)) {
            throw InputError(where,
                             fmt::format("{} refers to {} {}, which nothing creates{}", attribute,
                                         ref.type, id, nearest_id(source.name, ref.type, id)));
          }
        }
      }
    }
  }

  bool creates(const std::string& source, const std::string& type, const std::string& id) const {
    if (known_.count(key(source, type, id)) > 0) return true;
    for (const SourceShape& shape : sources_) {
      for (const TypeShape& parent : shape.types) {
        if (shape.name == source && parent.parts && parent.parts->type == type) {
          return may_come(source, parent.type, id.substr(0, id.rfind(parent.parts->separator)));
        }
      }
    }
    return may_come(source, type, id);
  }

  /// A random process or a model may create it.
  bool may_come(const std::string& source, const std::string& type, const std::string& id) const {
    return footprint_.may_create(source, type, id);
  }

  std::string nearest_id(const std::string& source, const std::string& type,
                         const std::string& id) const {
    std::vector<std::string> ids = footprint_.examples(source, type);
    const auto found = ids_.find(source + "/" + type);
    if (found != ids_.end()) ids.insert(ids.begin(), found->second.begin(), found->second.end());
    const auto near = config::nearest(id, ids);
    return near ? "; did you mean " + *near + "?" : "";
  }

  // Follows which entities exist, as far as the scenario says.
  void settle(Planned& planned) {
    Operation& operation = planned.operation;
    const std::string name = key(operation);
    const bool exists = exists_.count(name) > 0;
    if (planned.upsert) operation.op = exists ? Op::update : Op::create;
    if (operation.op == Op::create) {
      if (exists) {
        throw InputError(
            planned.where(),
            operation.type + " " + operation.id + " is created, but exists already" +
                (planned.trace != nullptr ? "; \"op\": \"upsert\" updates what exists" : ""));
      }
      exists_.insert(name);
      return;
    }
    if (planned.script != nullptr && !exists &&
        !may_come(operation.source, operation.type, operation.id)) {
      const bool later = known_.count(name) > 0;
      throw InputError(
          planned.where(),
          operation.type + " " + operation.id + " does not exist at that time" +
              (later ? "" : nearest_id(operation.source, operation.type, operation.id)));
    }
    if (operation.op == Op::remove) exists_.erase(name);
  }

  const std::vector<SourceShape>& sources_;
  std::vector<SourceContent>& contents_;
  const Footprint& footprint_;
  std::vector<Planned> plan_;
  std::unordered_set<std::string> known_;   // created at some time
  std::unordered_set<std::string> exists_;  // at the time that settle has come to
  std::unordered_map<std::string, std::vector<std::string>> ids_;  // for hints
};

}  // namespace

std::vector<TimedOperation> timeline(const std::vector<SourceShape>& sources,
                                     std::vector<SourceContent> contents,
                                     const Footprint& footprint) {
  return Planner(sources, contents, footprint).run();
}

}  // namespace rehearse::world
