#include "mds/store/entity_writer.hpp"

#include <utility>

#include "mds/store/fact_view.hpp"

namespace rehearse::mds {

EntityWriter::EntityWriter(StoreCore& core, Tally& tally, OpenTx& tx)
    : core_(core),
      tally_(tally),
      tx_(tx),
      difference_(core.symbols),
      version_(core.symbols.intern(kVersion)) {}

std::uint64_t EntityWriter::hash(const FactHasher& entity, const PackedFact& fact) const {
  const std::string& attribute = core_.symbols.name(fact.attribute);
  if (fact.kind == ValueKind::text) return entity(attribute, fact.body);
  return entity(attribute, text_of(core_, fact));
}

void EntityWriter::apply_reference(const EntityRow& row, const PackedFact& fact, bool added,
                                   Effects& effects) {
  const EntityId target = target_of(fact);
  core_.log.write_back(target, fact.attribute, row.id, tx_.id, added);
  if (core_.print != nullptr) core_.print->touch(target);
  if (core_.schema.touches_target(fact.attribute)) core_.work.add(Work::touched, target);
  effects.indexed = true;
}

// The sum takes the hashes of what came and loses those of what went; parts do not count as facts.
EntityWriter::Effects EntityWriter::apply_datoms(const EntityRow& row, std::uint64_t& sum) {
  Effects effects;
  if (difference_.datoms().empty()) return effects;
  const FactHasher entity(core_.entities.uri_view(row.id));
  for (const Datom& datom : difference_.datoms()) {
    const PackedFact& fact = datom.fact;
    if (fact.attribute == kPart) continue;
    if (datom.op == DatomOp::replaced) sum -= hash(entity, datom.old);
    if (datom.op == DatomOp::retracted) {
      sum -= hash(entity, fact);
    } else {
      sum += hash(entity, fact);
    }
    if (fact.kind == ValueKind::reference) {
      apply_reference(row, fact, datom.op == DatomOp::added, effects);
    }
    effects.touched |= core_.schema.touches_holder(fact.attribute);
    effects.indexed |= core_.index && core_.index->is_indexed(fact.attribute);
  }
  return effects;
}

void EntityWriter::log_change(EntityId id, Life life, std::optional<Time> verified) {
  change_.clear();
  append_change_head(change_, static_cast<std::uint8_t>(life), verified);
  for (const Datom& datom : difference_.datoms()) append_datom(change_, datom.op, datom.fact);
  core_.log.write_change(id, tx_.id, change_, verified);
  tx_.datoms += static_cast<std::int64_t>(difference_.datoms().size());
}

// Whoever shows this entity's name must be told, but not here: there may be many.
void EntityWriter::rename(const EntityRow& row, bool was_live) {
  std::string name = core_.index->name_in(row.id, row.facts);
  if (was_live || core_.log.has_back(row.id)) {
    if (core_.index->name(row.id) != name) core_.work.add(Work::renamed, row.id);
  }
  core_.index->set_name(row.id, std::move(name));
}

void EntityWriter::update_index(const EntityRow& row, bool was_live) {
  if (core_.backlog) {
    core_.backlog->add(tx_.id, row.id);
    return;
  }
  core_.index->write(row, was_live);
  tx_.report.indexed.push_back(core_.entities.uri(row.id));
}

void EntityWriter::remove_from_index(const EntityRow& row) {
  if (core_.backlog) {
    core_.backlog->add(tx_.id, row.id);
    return;
  }
  core_.index->remove(row);
  tx_.report.indexed.push_back(core_.entities.uri(row.id));
}

// The new name is compared with the stored one, so this comes before the row is saved.
void EntityWriter::write_row(EntityRow& row, Symbol type, std::string& after,
                             std::optional<Time> verified, std::uint64_t& sum) {
  const bool was_live = row.life == Life::live;
  const bool retyped = row.type != type;
  difference_.find(row.facts, after);
  const Effects effects = apply_datoms(row, sum);
  log_change(row.id, Life::live, verified);
  row.type = type;
  row.life = Life::live;
  row.changed = tx_.id;
  row.sum = row.root == row.id ? sum : 0;
  row.facts.swap(after);
  const bool index = core_.index && (effects.indexed || retyped || !was_live);
  if (index) rename(row, was_live);
  if (was_live && !retyped) {
    core_.entities.save_facts(row);
  } else {
    core_.entities.save(row);
  }
  if (index) update_index(row, was_live);
  if (!was_live) ++tally_.live;
  if (core_.schema.on_path(type) && (effects.touched || retyped || !was_live)) {
    core_.work.add(Work::touched, row.id);
  }
}

void EntityWriter::retire(EntityRow& row, std::optional<Time> verified, std::uint64_t& sum) {
  difference_.find(row.facts, {});
  apply_datoms(row, sum);
  const std::size_t facts = difference_.datoms().size();
  difference_.retract_edges(row.edges);
  std::set<EntityId> far_ends;
  write_edges(row, facts, far_ends);
  log_change(row.id, Life::deleted, verified);
  row.facts.clear();
  row.edges.clear();
  row.life = Life::deleted;
  row.changed = tx_.id;
  row.sum = 0;
  if (core_.index) {
    rename(row, true);
    remove_from_index(row);
    far_ends.erase(row.id);
    for (const EntityId far : far_ends) core_.work.add(Work::outdated, far);
  }
  core_.entities.save(row);
  if (difference_.datoms().size() > facts) core_.entities.save_edges(row.id, {});
  --tally_.live;
  if (core_.schema.on_path(row.type)) core_.work.add(Work::touched, row.id);
}

void EntityWriter::reindex(EntityId id) {
  if (!core_.index) return;
  EntityRow row;
  core_.entities.load(id, row);
  if (row.life == Life::live) update_index(row, true);
}

void EntityWriter::report(const EntityRow& root, std::string_view uri) {
  const bool live = root.life == Life::live;
  tx_.report.documents.push_back({std::string(uri), core_.symbols.name(root.type), live,
                                  live ? version(root.facts) : 0, live ? root.sum : 0,
                                  core_.backlog && core_.backlog->waits(root.id)});
}

std::int64_t EntityWriter::version(std::string_view facts) const {
  PackedFact fact;
  while (take_fact(facts, fact)) {
    if (fact.attribute == version_ && fact.kind == ValueKind::integer) return integer_of(fact);
  }
  return 0;
}

}  // namespace rehearse::mds
