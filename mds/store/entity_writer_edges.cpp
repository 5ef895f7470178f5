// Derived edges: what the rules give now against what is written.
#include "mds/store/entity_writer.hpp"
#include "mds/upkeep/inference.hpp"

namespace rehearse::mds {

// Datoms from `first` on are derived edges of `row`; a replacement rests on another path only.
void EntityWriter::write_edges(const EntityRow& row, std::size_t first, std::set<EntityId>& ends) {
  for (std::size_t i = first; i < difference_.datoms().size(); ++i) {
    const Datom& datom = difference_.datoms()[i];
    if (datom.op == DatomOp::replaced) continue;
    const bool added = datom.op == DatomOp::added;
    const EntityId target = target_of(datom.fact);
    core_.log.write_back(target, datom.fact.attribute, row.id, tx_.id, added);
    tally_.edges += added ? 1 : -1;
    const CompiledRule& rule = core_.schema.maker_of(datom.fact.attribute);
    tx_.report.edges.push_back({core_.entities.uri(row.id),
                                core_.schema.schema().rules[rule.index].name,
                                core_.entities.uri(target), added});
    ends.insert(row.id);
    ends.insert(target);
  }
}

void EntityWriter::derive_edges(EntityId id, bool retract, std::set<EntityId>& outdated) {
  EntityRow row;
  core_.entities.load(id, row);
  if (row.life != Life::live) return;
  const std::string after = derive(core_, id);
  if (after == row.edges) return;
  difference_.find_edges(row.edges, after, retract);
  if (difference_.datoms().empty()) return;
  write_edges(row, 0, outdated);
  log_change(id, Life::live, std::nullopt);
  core_.entities.save_edges(id, retract ? after : difference_.applied_to_edges());
}

}  // namespace rehearse::mds
