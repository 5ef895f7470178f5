#include "mds/store/digest.hpp"

#include "base/fact_hash.hpp"
#include "mds/store/fact_view.hpp"
#include "mds/store/store_core.hpp"

namespace rehearse::mds {

std::uint64_t graph_digest(const StoreCore& core) {
  const FactView view(core, kLatest);
  const Symbol version = core.symbols.find(kVersion);
  const Symbol created = core.symbols.find(kCreatedAt);
  std::uint64_t sum = 0;
  EntityState state;
  for (EntityId id = 1; id <= core.entities.size(); ++id) {
    view.load(id, state);
    if (state.row.life != Life::live) continue;
    const std::string& uri = core.entities.uri(id);
    sum += stable_hash(core.symbols.name(state.row.type), stable_hash(uri));
    for (const PackedFact& fact : state.facts) {
      if (fact.attribute == kPart || fact.attribute == version || fact.attribute == created) {
        continue;
      }
      sum += fact_hash(uri, core.symbols.name(fact.attribute), text_of(core, fact));
    }
    for (const PackedFact& edge : state.edges) {
      sum += fact_hash(uri, core.symbols.name(edge.attribute), text_of(core, edge));
    }
  }
  return sum;
}

}  // namespace rehearse::mds
