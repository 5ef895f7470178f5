#include "mds/graph/quality.hpp"

#include <algorithm>

#include "mds/graph/owners.hpp"
#include "mds/store/store_core.hpp"

namespace rehearse::mds {
namespace {

struct Owners {
  std::size_t count = 0;
  bool left = false;
};

Owners look_at_owners(const FactView& view, const EntityState& state) {
  const Symbol owners = view.core().symbols.find(kOwners);
  Owners result;
  for (const PackedFact& fact : state.facts) {
    if (fact.kind != ValueKind::reference || fact.attribute != owners) continue;
    ++result.count;
    result.left |= has_left(view, target_of(fact));
  }
  return result;
}

}  // namespace

QualityReport quality(const Graph& graph, Time verified_since) {
  const FactView& view = graph.view();
  const StoreCore& core = view.core();
  const Symbol description = core.symbols.find(kDescription);
  std::vector<EntityId> without_owner;
  std::vector<EntityId> owner_left;
  std::vector<EntityId> without_description;
  std::vector<EntityId> unverified;
  QualityReport report;
  EntityState state;
  EntityState target;
  for (const EntityId id : graph.live_ids(false)) {
    view.load(id, state);
    const bool person = core.schema.is_owner_type(state.row.type);
    if (state.row.root == id && !person) {
      const Owners owners = look_at_owners(view, state);
      if (owners.count == 0) without_owner.push_back(id);
      if (owners.left) owner_left.push_back(id);
      if (find_fact(state.facts, description) == nullptr) without_description.push_back(id);
    }
    if (state.row.root == id && view.last_verified(id) < verified_since) unverified.push_back(id);
    for (const PackedFact& fact : state.facts) {
      if (fact.kind != ValueKind::reference || fact.attribute == kPart) continue;
      view.load(target_of(fact), target);
      if (target.row.life == Life::live) continue;
      report.unresolved.push_back(
          {core.entities.uri(id), core.symbols.name(fact.attribute), text_of(core, fact)});
    }
  }
  report.without_owner = graph.summaries(without_owner);
  report.owner_left = graph.summaries(owner_left);
  report.without_description = graph.summaries(without_description);
  report.unverified = graph.summaries(unverified);
  std::sort(report.unresolved.begin(), report.unresolved.end());
  return report;
}

}  // namespace rehearse::mds
