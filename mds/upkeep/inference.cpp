#include "mds/upkeep/inference.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "mds/store/fact_view.hpp"
#include "mds/store/store_core.hpp"

namespace rehearse::mds {
namespace {

bool contains(const std::vector<Symbol>& sorted, Symbol symbol) {
  return std::binary_search(sorted.begin(), sorted.end(), symbol);
}

// Targets of an entity's references of some attributes, ascending, once each.
std::vector<EntityId> targets(const std::vector<PackedFact>& facts,
                              const std::vector<Symbol>& attributes) {
  std::vector<EntityId> found;
  for (const PackedFact& fact : facts) {
    if (fact.kind == ValueKind::reference && contains(attributes, fact.attribute)) {
      found.push_back(target_of(fact));
    }
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

std::vector<EntityId> holders(const FactView& view, EntityId target,
                              const std::vector<Symbol>& attributes) {
  std::vector<EntityId> found;
  for (const Symbol attribute : attributes) {
    const std::vector<EntityId> more = view.sources(target, attribute);
    found.insert(found.end(), more.begin(), more.end());
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

class Walker {
 public:
  explicit Walker(const StoreCore& core) : core_(core), view_(core, kLatest) {}

  // Whether `id` is a live entity of this type that meets the condition.
  bool arrive(EntityId id, Symbol type, const CompiledCondition& where) {
    const EntityRow& row = core_.entities.peek(id);
    if (row.life != Life::live || row.type != type) return false;
    if (where.attribute < 0) return true;
    view_.load(id, state_);
    return has_value(core_, state_.facts, where.attribute, where.equals);
  }

  std::vector<EntityId> follow(EntityId id, const CompiledStep& step) {
    if (step.backwards) return holders(view_, id, step.attributes);
    view_.load(id, state_);
    return targets(state_.facts, step.attributes);
  }

  void derive_path(const CompiledRule& rule, EntityId start, std::string& edges);
  void derive_similar(const CompiledRule& rule, EntityId start, std::string& edges);

 private:
  std::size_t count_live(EntityId holder, const CompiledRule& rule);

  const StoreCore& core_;
  FactView view_;
  EntityState state_;
  std::map<EntityId, bool> counted_;  // whether a target counts for similarity
};

void Walker::derive_path(const CompiledRule& rule, EntityId start, std::string& edges) {
  // levels[i] maps an entity reached after i + 1 steps to the one it was first reached from.
  std::vector<std::map<EntityId, EntityId>> levels(rule.steps.size());
  std::vector<EntityId> frontier{start};
  for (std::size_t i = 0; i < rule.steps.size(); ++i) {
    const CompiledStep& step = rule.steps[i];
    std::set<EntityId> refused;
    for (const EntityId from : frontier) {
      for (const EntityId to : follow(from, step)) {
        if (levels[i].contains(to) || refused.contains(to)) continue;
        if (arrive(to, step.to, step.where)) {
          levels[i].emplace(to, from);
        } else {
          refused.insert(to);
        }
      }
    }
    frontier.clear();
    for (const auto& [id, from] : levels[i]) frontier.push_back(id);
  }
  for (const EntityId end : frontier) {
    if (end == start) continue;
    std::vector<EntityId> path{end};
    for (std::size_t i = levels.size() - 1; i > 0; --i) {
      path.push_back(levels[i].at(path.back()));
    }
    std::reverse(path.begin(), path.end());
    append_derived(edges, rule.edge, path);
  }
}

std::size_t Walker::count_live(EntityId holder, const CompiledRule& rule) {
  const CompiledStep& there = rule.steps.front();
  std::size_t count = 0;
  for (const EntityId id : follow(holder, there)) {
    auto known = counted_.find(id);
    if (known == counted_.end()) {
      known = counted_.emplace(id, arrive(id, there.to, there.where)).first;
    }
    count += known->second ? 1 : 0;
  }
  return count;
}

void Walker::derive_similar(const CompiledRule& rule, EntityId start, std::string& edges) {
  struct Shared {
    std::size_t count = 0;
    EntityId first = 0;
  };
  const CompiledStep& there = rule.steps[0];
  const CompiledStep& back = rule.steps[1];
  std::map<EntityId, Shared> others;
  counted_.clear();
  const std::size_t own = count_live(start, rule);
  for (const auto& [target, live] : std::map<EntityId, bool>(counted_)) {
    if (!live) continue;
    for (const EntityId other : holders(view_, target, there.attributes)) {
      Shared& shared = others[other];
      if (shared.count++ == 0) shared.first = target;
    }
  }
  for (const auto& [other, shared] : others) {
    if (other == start || !arrive(other, back.to, back.where)) continue;
    const std::size_t united = own + count_live(other, rule) - shared.count;
    if (static_cast<double>(shared.count) >= rule.similarity * static_cast<double>(united)) {
      append_derived(edges, rule.edge, {shared.first, other});
    }
  }
}

Symbol type_at(const CompiledRule& rule, std::size_t position) {
  return position == 0 ? rule.from : rule.steps[position - 1].to;
}

// Entities that may be one step before `at` on the rule's path, by references alone.
std::vector<EntityId> step_back(const StoreCore& core, const FactView& view, EntityId at,
                                const CompiledRule& rule, std::size_t position) {
  const CompiledStep& step = rule.steps[position - 1];
  std::vector<EntityId> before;
  EntityState state;
  if (step.backwards) {
    view.load(at, state);
    before = targets(state.facts, step.attributes);
  } else {
    before = holders(view, at, step.attributes);
  }
  const Symbol type = type_at(rule, position - 1);
  std::erase_if(before, [&](EntityId id) { return core.entities.peek(id).type != type; });
  return before;
}

// Entities at the start of the rule's paths whose step `position` arrives at one of `at`.
std::set<EntityId> walk_back(const StoreCore& core, const FactView& view, const CompiledRule& rule,
                             std::size_t position, std::set<EntityId> at) {
  for (; position > 0; --position) {
    std::set<EntityId> before;
    for (const EntityId id : at) {
      const std::vector<EntityId> more = step_back(core, view, id, rule, position);
      before.insert(more.begin(), more.end());
    }
    at = std::move(before);
  }
  return at;
}

}  // namespace

void mark_starts(StoreCore& core, EntityId entity) {
  const FactView view(core, kLatest);
  const Symbol type = core.entities.peek(entity).type;
  std::set<EntityId> starts;
  for (const CompiledRule& rule : core.schema.rules()) {
    for (std::size_t position = 0; position <= rule.steps.size(); ++position) {
      if (type_at(rule, position) != type) continue;
      std::set<EntityId> found = walk_back(core, view, rule, position, {entity});
      // A shared target that comes or goes also changes how many targets its holders have, which
      // counts for whoever shares any other target with them.
      if (rule.similarity > 0 && position == 1) found.merge(walk_back(core, view, rule, 2, found));
      starts.merge(found);
    }
  }
  for (const EntityId start : starts) core.work.add(Work::marked, start);
}

std::string derive(const StoreCore& core, EntityId start) {
  std::string edges;
  Walker walker(core);
  for (const CompiledRule& rule : core.schema.rules()) {
    if (!walker.arrive(start, rule.from, rule.where)) continue;
    if (rule.similarity > 0) {
      walker.derive_similar(rule, start, edges);
    } else {
      walker.derive_path(rule, start, edges);
    }
  }
  return edges;
}

}  // namespace rehearse::mds
