#include "mds/lineage.hpp"

#include <algorithm>
#include <set>

#include "mds/store_core.hpp"

namespace rehearse::mds {
namespace {

// A derived edge read from its far end has the inverse's name.
const std::string& relation_name(const StoreCore& core, Symbol edge, bool outgoing) {
  const Rule& rule = core.schema.schema().rules[core.schema.rule_of(edge)->index];
  return outgoing ? rule.name : rule.inverse;
}

const std::string& rule_name(const StoreCore& core, Symbol edge) {
  return core.schema.schema().rules[core.schema.rule_of(edge)->index].name;
}

void sort_unique(std::vector<EntityId>& ids) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
}

// Calls visit(attribute, holder type, derived, outgoing, other state) for each edge at `state`.
template <typename Visit>
void visit_edges(const FactView& view, const EntityState& state, EntityState& other,
                 const Visit& visit) {
  for (const auto* facts : {&state.facts, &state.edges}) {
    for (const PackedFact& fact : *facts) {
      if (!is_edge(fact) || fact.attribute == kPart) continue;
      view.load(target_of(fact), other);
      if (other.row.life != Life::live) continue;
      visit(fact.attribute, state.row.type, fact.kind == ValueKind::derived, true, other);
    }
  }
  for (const BackEdge& edge : view.back(state.row.id)) {
    view.load(edge.source, other);
    if (other.row.life != Life::live) continue;
    const bool derived = view.core().schema.rule_of(edge.attribute) != nullptr;
    visit(edge.attribute, other.row.type, derived, false, other);
  }
}

}  // namespace

std::vector<Step> steps(const FactView& view, EntityId id) {
  const StoreCore& core = view.core();
  std::vector<Step> found;
  EntityState state;
  EntityState other;
  view.load(id, state);
  visit_edges(
      view, state, other,
      [&](Symbol attribute, Symbol holder, bool derived, bool outgoing, const EntityState& at) {
        found.push_back({derived ? relation_name(core, attribute, outgoing)
                                 : core.schema.meaning(holder, attribute, core.symbols).relation,
                         outgoing, derived, at.row.id});
      });
  return found;
}

std::string name_of(const FactView& view, const EntityState& state) {
  const Symbol name = view.core().symbols.find(kName);
  const PackedFact* fact = find_fact(state.facts, name);
  if (fact != nullptr && fact->kind == ValueKind::text) return std::string(fact->body);
  return resource_id(view.core().entities.uri(state.row.id));
}

LifeCycle life_cycle(const FactView& view, const EntityRow& row) {
  if (row.life == Life::referenced) return LifeCycle::referenced;
  if (row.life == Life::deleted) return LifeCycle::deleted;
  return view.last_enriched_tx(row.id) >= row.changed ? LifeCycle::enriched : LifeCycle::hydrated;
}

std::vector<EntityId> lineage_step(const FactView& view, EntityId id, Direction direction) {
  const StoreCore& core = view.core();
  std::vector<EntityId> found;
  EntityState state;
  EntityState other;
  view.load(id, state);
  visit_edges(
      view, state, other,
      [&](Symbol attribute, Symbol holder, bool derived, bool outgoing, const EntityState& at) {
        // A reference points upstream; the derived edge to a test points downstream.
        const bool carries = derived
                                 ? rule_name(core, attribute) == vocabulary::kTestRelation
                                 : core.schema.meaning(holder, attribute, core.symbols).upstream;
        const bool up = outgoing != derived;
        if (carries && up == (direction == Direction::upstream)) {
          found.push_back(at.row.id);
        }
      });
  sort_unique(found);
  return found;
}

std::vector<Relative> lineage(const FactView& view, EntityId id, Direction direction,
                              std::size_t depth) {
  std::vector<Relative> found{{id, 0}};
  if (!view.is_live(id)) return {};
  std::set<EntityId> seen{id};
  for (std::size_t i = 0; i < found.size(); ++i) {
    const Relative at = found[i];
    if (at.depth == depth) continue;
    for (const EntityId next : lineage_step(view, at.id, direction)) {
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
