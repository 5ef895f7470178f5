#include "mds/graph/provenance.hpp"

#include <algorithm>

#include "mds/store/store_core.hpp"

namespace rehearse::mds {
namespace {

Cause cause_of(const TxRow& tx) {
  return {static_cast<CauseKind>(tx.kind), EventId{static_cast<std::uint64_t>(tx.event)},
          RequestId{static_cast<std::uint64_t>(tx.request)}};
}

// Attribute of a fact, or the relation of a derived edge.
std::string word_of(const StoreCore& core, const PackedFact& fact) {
  if (fact.kind != ValueKind::derived) return core.symbols.name(fact.attribute);
  return core.schema.schema().rules[core.schema.maker_of(fact.attribute).index].name;
}

class HistoryWriter {
 public:
  HistoryWriter(const StoreCore& core, std::vector<HistoryEntry>& entries)
      : core_(core), entries_(entries) {}

  // A replacement shows as what it retracts and what it asserts.
  void write(const TxRow& tx, const Datom& datom) {
    const bool derived = datom.fact.kind == ValueKind::derived;
    const std::string word = word_of(core_, datom.fact);
    const std::string text = text_of(core_, datom.fact);
    if (datom.op == DatomOp::replaced) {
      std::string old = text;
      if (!derived) old = text_of(core_, *find_fact(fold_.facts(), datom.fact.attribute));
      entries_.push_back({entry_tx(tx), tx.at, cause_of(tx), false, derived, word, old});
    }
    entries_.push_back(
        {entry_tx(tx), tx.at, cause_of(tx), datom.op != DatomOp::retracted, derived, word, text});
    fold_.apply(datom);
  }

 private:
  static std::uint64_t entry_tx(const TxRow& tx) { return static_cast<std::uint64_t>(tx.id); }

  const StoreCore& core_;
  std::vector<HistoryEntry>& entries_;
  FactFold fold_;
};

// The reference between two neighbours on a path, whichever of them holds it.
StoredFact fact_between(const FactView& view, EntityId from, EntityId to,
                        const CompiledStep& step) {
  const EntityId holder = step.backwards ? to : from;
  const EntityId target = step.backwards ? from : to;
  EntityState state;
  view.load(holder, state);
  for (const PackedFact& fact : state.facts) {
    if (fact.kind != ValueKind::reference || target_of(fact) != target) continue;
    if (!std::binary_search(step.attributes.begin(), step.attributes.end(), fact.attribute)) {
      continue;
    }
    return {view.core().entities.uri(holder), view.core().symbols.name(fact.attribute),
            view.core().entities.uri(target)};
  }
  // The fact has gone and enrichment has not come by since.
  return {view.core().entities.uri(holder), "", view.core().entities.uri(target)};
}

}  // namespace

std::vector<HistoryEntry> history_of(const FactView& view, EntityId id) {
  std::vector<HistoryEntry> entries;
  const StoreCore& core = view.core();
  struct Change {
    std::int64_t tx;
    std::string datoms;
  };
  std::vector<Change> changes;  // kept, because the fold points into them
  core.log.changes(id, view.until(), [&](std::int64_t tx, std::string_view change) {
    changes.push_back({tx, std::string(change)});
  });
  HistoryWriter writer(core, entries);
  for (const Change& change : changes) {
    const TxRow tx = core.log.tx(change.tx);
    std::string_view packed = change.datoms;
    take_change_head(packed);
    Datom datom;
    while (take_datom(packed, datom)) {
      if (datom.fact.attribute != kPart) writer.write(tx, datom);
    }
  }
  return entries;
}

std::vector<Provenance> provenance_of(const FactView& view, EntityId id) {
  std::vector<Provenance> found;
  const StoreCore& core = view.core();
  EntityState state;
  view.load(id, state);
  for (const PackedFact& edge : state.edges) {
    const CompiledRule& rule = core.schema.maker_of(edge.attribute);
    std::vector<EntityId> path = between_of(edge);
    path.insert(path.begin(), id);
    path.push_back(target_of(edge));
    Provenance provenance;
    provenance.edge = {core.entities.uri(id), word_of(core, edge), core.entities.uri(path.back())};
    for (const EntityId on : path) provenance.path.push_back(core.entities.uri(on));
    for (std::size_t i = 0; i + 1 < path.size(); ++i) {
      provenance.facts.push_back(fact_between(view, path[i], path[i + 1], rule.steps[i]));
    }
    found.push_back(std::move(provenance));
  }
  std::sort(found.begin(), found.end(),
            [](const Provenance& a, const Provenance& b) { return a.edge < b.edge; });
  return found;
}

}  // namespace rehearse::mds
