#include "mds/graph/owners.hpp"

#include <algorithm>

#include "mds/graph/lineage.hpp"
#include "mds/store/store_core.hpp"

namespace rehearse::mds {

std::vector<EntityId> owner_ids(const FactView& view, EntityId id) {
  const StoreCore& core = view.core();
  EntityState state;
  view.load(id, state);
  std::vector<EntityId> found;
  for (const PackedFact& fact : state.facts) {
    if (fact.kind != ValueKind::reference || fact.attribute == kPart) continue;
    const auto meaning = core.schema.meaning(state.row.type, fact.attribute, core.symbols);
    if (meaning.relation != vocabulary::kOwnedBy) continue;
    const EntityId owner = target_of(fact);
    if (view.peek(owner).life != Life::referenced) found.push_back(owner);
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

bool has_left(const FactView& view, EntityId owner) {
  EntityState state;
  view.load(owner, state);
  const StoreCore& core = view.core();
  return state.row.life == Life::deleted ||
         has_value(core, state.facts, core.symbols.find(vocabulary::kStatus), vocabulary::kLeft);
}

}  // namespace rehearse::mds
