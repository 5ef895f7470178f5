#include "mds/graph/lineage.hpp"

#include <algorithm>
#include <cassert>
#include <unordered_set>

#include "mds/store/store_core.hpp"

namespace rehearse::mds {
namespace {

// A derived edge read from its far end has the inverse's name.
std::string_view relation_name(const StoreCore& core, Symbol edge, bool outgoing) {
  const Rule& rule = core.schema.schema().rules[core.schema.maker_of(edge).index];
  return outgoing ? rule.name : rule.inverse;
}

// The attribute of derived edges to A/B tests; 0 when no rule makes any.
Symbol test_edge(const CompiledSchema& schema) {
  for (const CompiledRule& rule : schema.rules()) {
    if (schema.schema().rules[rule.index].name == vocabulary::kTestRelation) return rule.edge;
  }
  return 0;
}

void sort_unique(std::vector<EntityId>& ids) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
}

// Calls visit(edge) for the references and derived edges that an entity holds.
template <typename Visit>
void visit_held(std::string_view packed, const Visit& visit) {
  PackedFact fact;
  while (take_fact(packed, fact)) {
    if (is_edge(fact) && fact.attribute != kPart) visit(fact);
  }
}

// A reference points upstream; the derived edge to a test points downstream. Only what may lead on
// is read: an entity may be what a million others are owned by.
class LineageWalker {
 public:
  LineageWalker(const FactView& view, Direction direction)
      : view_(view), direction_(direction), test_edge_(test_edge(view.core().schema)) {}

  /// Live entities one step on, ascending.
  const std::vector<EntityId>& step(EntityId id) {
    found_.clear();
    if (direction_ == Direction::upstream) {
      step_up(id);
    } else {
      step_down(id);
    }
    sort_unique(found_);
    std::erase_if(found_, [this](EntityId other) { return !view_.is_live(other); });
    return found_;
  }

 private:
  bool runs_upstream(Symbol type, Symbol attribute) const {
    const StoreCore& core = view_.core();
    return core.schema.may_run_upstream(attribute) &&
           core.schema.meaning(type, attribute, core.symbols).upstream;
  }
  void step_up(EntityId id) {
    const EntityRow& row = view_.peek(id);
    visit_held(row.facts, [&](const PackedFact& fact) {
      if (runs_upstream(row.type, fact.attribute)) found_.push_back(target_of(fact));
    });
    if (test_edge_ == 0) return;
    const std::vector<EntityId> tested = view_.sources(id, test_edge_);
    found_.insert(found_.end(), tested.begin(), tested.end());
  }
  void step_down(EntityId id) {
    visit_held(view_.peek(id).edges, [&](const PackedFact& edge) {
      if (edge.attribute == test_edge_) found_.push_back(target_of(edge));
    });
    for (const BackEdge& edge : view_.back(id)) {
      if (!view_.core().schema.may_run_upstream(edge.attribute)) continue;
      if (runs_upstream(view_.peek(edge.source).type, edge.attribute)) {
        found_.push_back(edge.source);
      }
    }
  }

  const FactView& view_;
  Direction direction_;
  Symbol test_edge_;
  std::vector<EntityId> found_;
};

}  // namespace

std::vector<Step> steps(const FactView& view, EntityId id) {
  assert(view.is_live(id));
  const StoreCore& core = view.core();
  std::vector<Step> found;
  EntityRow row = view.peek(id);
  visit_held(row.facts, [&](const PackedFact& fact) {
    const std::string_view name =
        core.schema.meaning(row.type, fact.attribute, core.symbols).relation;
    found.push_back({name, true, false, target_of(fact)});
  });
  visit_held(row.edges, [&](const PackedFact& edge) {
    found.push_back({relation_name(core, edge.attribute, true), true, true, target_of(edge)});
  });
  std::erase_if(found, [&](const Step& step) { return !view.is_live(step.other); });
  for (const BackEdge& edge : view.back(id)) {
    const EntityRow& other = view.peek(edge.source);
    if (other.life != Life::live) continue;
    const bool derived = core.schema.rule_of(edge.attribute) != nullptr;
    found.push_back({derived
                         ? relation_name(core, edge.attribute, false)
                         : core.schema.meaning(other.type, edge.attribute, core.symbols).relation,
                     false, derived, edge.source});
  }
  return found;
}

std::string name_of(const FactView& view, EntityId id) {
  const Symbol name = view.core().symbols.find(kName);
  std::string_view packed = view.peek(id).facts;
  PackedFact fact;
  while (take_fact(packed, fact)) {
    if (fact.attribute == name && fact.kind == ValueKind::text) return std::string(fact.body);
  }
  return resource_id(view.core().entities.uri(id));
}

LifeCycle life_cycle(const FactView& view, const EntityRow& row) {
  if (row.life == Life::referenced) return LifeCycle::referenced;
  if (row.life == Life::deleted) return LifeCycle::deleted;
  return view.last_enriched_tx(row.id) >= row.changed ? LifeCycle::enriched : LifeCycle::hydrated;
}

std::vector<EntityId> lineage_step(const FactView& view, EntityId id, Direction direction) {
  return LineageWalker(view, direction).step(id);
}

std::vector<Relative> lineage(const FactView& view, EntityId id, Direction direction,
                              std::size_t depth) {
  std::vector<Relative> found{{id, 0}};
  if (!view.is_live(id)) return {};
  LineageWalker walker(view, direction);
  std::unordered_set<EntityId> seen{id};  // never iterated
  for (std::size_t i = 0; i < found.size(); ++i) {
    const Relative at = found[i];
    if (at.depth == depth) continue;
    for (const EntityId next : walker.step(at.id)) {
      if (seen.insert(next).second) found.push_back({next, at.depth + 1});
    }
  }
  found.erase(found.begin());
  return found;
}

std::vector<EntityId> related(const FactView& view, EntityId id, std::string_view relation,
                              bool outgoing) {
  std::vector<EntityId> found;
  for (const Step& step : steps(view, id)) {
    if (step.outgoing == outgoing && step.relation == relation) found.push_back(step.other);
  }
  sort_unique(found);
  return found;
}

}  // namespace rehearse::mds
