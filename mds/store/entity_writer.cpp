#include "mds/store/entity_writer.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "base/debug_assert.hpp"
#include "mds/store/damage.hpp"
#include "mds/store/fact_view.hpp"
#include "mds/upkeep/inference.hpp"

namespace rehearse::mds {
namespace {

/// Walks the stored facts of an entity beside those that its source gives now. Most are the same,
/// in the same order, so a number is found by a comparison with the stored one's name.
class Before {
 public:
  Before(const StoreCore& core, std::string_view packed) : core_(core), packed_(packed) { next(); }

  Symbol attribute(std::string_view name) {
    int order = -1;
    while (!at_end_ && (order = this->name().compare(name)) < 0) next();
    return !at_end_ && order == 0 ? fact_.attribute : kUnknown;
  }
  /// REQUIRES: `attribute` was just returned for its name.
  EntityId target(Symbol attribute, std::string_view uri) {
    for (; !at_end_ && fact_.attribute == attribute && fact_.kind == ValueKind::reference; next()) {
      const EntityId target = target_of(fact_);
      const int order = core_.entities.uri_view(target).compare(uri);
      if (order == 0) return target;
      if (order > 0) break;
    }
    return 0;
  }

  static constexpr Symbol kUnknown = -1;

 private:
  const std::string& name() const { return core_.symbols.name(fact_.attribute); }
  void next() { at_end_ = !take_fact(packed_, fact_); }

  const StoreCore& core_;
  std::string_view packed_;
  PackedFact fact_;
  bool at_end_ = false;
};

}  // namespace

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

// ---- documents: an entity and its parts come and go together ----

void EntityWriter::encode(const EntityFacts& facts, std::string_view stored, std::string& packed) {
  debug_assert(std::is_sorted(facts.facts.begin(), facts.facts.end()));
  Before before(core_, stored);
  for (const Fact& fact : facts.facts) {
    Symbol attribute = before.attribute(fact.attribute);
    if (attribute == Before::kUnknown) attribute = core_.symbols.intern(fact.attribute);
    if (const auto* text = std::get_if<std::string>(&fact.value)) {
      append_fact(packed, attribute, ValueKind::text, *text);
    } else if (const auto* integer = std::get_if<std::int64_t>(&fact.value)) {
      append_integer(packed, attribute, *integer);
    } else if (const auto* real = std::get_if<double>(&fact.value)) {
      append_real(packed, attribute, *real);
    } else if (const auto* truth = std::get_if<bool>(&fact.value)) {
      append_boolean(packed, attribute, *truth);
    } else {
      const Reference& to = std::get<Reference>(fact.value);
      EntityId target = before.target(attribute, to.uri);
      if (target == 0) target = core_.entities.intern(to.uri, core_.symbols.intern(to.type));
      append_reference(packed, attribute, target);
    }
  }
}

bool EntityWriter::write_part(const EntityFacts& facts, EntityId id, EntityId root,
                              std::uint64_t& sum) {
  core_.entities.load(id, part_);
  const Symbol type = core_.symbols.intern(facts.type);
  part_after_.clear();
  encode(facts, part_.facts, part_after_);
  if (part_.life == Life::live && part_.type == type && part_.facts == part_after_) return false;
  part_.root = root;
  write_row(part_, type, part_after_, std::nullopt, sum);
  return true;
}

// A part that another document already delivers stays with that one; a second mention adds nothing.
std::vector<EntityId> EntityWriter::number_parts(const Document& document, EntityId root) {
  std::vector<EntityId> ids;
  std::set<EntityId> seen = {root};
  for (const EntityFacts& part : document.parts) {
    const EntityId id = core_.entities.intern(part.uri, core_.symbols.intern(part.type));
    core_.entities.load(id, part_);
    const bool elsewhere = part_.life == Life::live && part_.root != root;
    ids.push_back(seen.insert(id).second && !elsewhere ? id : 0);
  }
  return ids;
}

bool EntityWriter::put(const Document& document, Time verified) {
  const Symbol type = core_.symbols.intern(document.root.type);
  const EntityId id = core_.entities.intern(document.root.uri, type);
  EntityRow& root = root_;
  core_.entities.load(id, root);
  if (root.life == Life::live && root.root != id) return false;  // it is part of another document
  tx_.touched = true;
  const std::vector<EntityId> parts = number_parts(document, id);
  after_.clear();
  for (const EntityId part : parts) {
    if (part != 0) append_reference(after_, kPart, part);
  }
  encode(document.root, root.facts, after_);
  std::uint64_t sum = root.sum;
  bool changed = false;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i] != 0) changed |= write_part(document.parts[i], parts[i], id, sum);
  }
  const std::set<EntityId> kept(parts.begin(), parts.end());
  for (const EntityId part : parts_of(root)) {
    if (kept.contains(part)) continue;
    core_.entities.load(part, part_);
    retire(part_, std::nullopt, sum);
    changed = true;
  }
  if (root.life != Life::live || root.type != type || root.facts != after_) {
    root.root = id;
    write_row(root, type, after_, verified, sum);
    changed = true;
  } else {
    difference_.clear();
    log_change(id, Life::live, verified);
    root.sum = sum;
    if (changed) core_.entities.save_facts(root);
  }
  if (changed && core_.backlog) core_.backlog->add(tx_.id, id);  // shows which version it is at
  report(root, document.root.uri);
  return changed;
}

std::vector<EntityId> EntityWriter::parts_of(const EntityRow& root) {
  std::vector<EntityId> parts;
  std::string_view packed = root.facts;
  PackedFact fact;
  while (take_fact(packed, fact) && fact.attribute == kPart) parts.push_back(target_of(fact));
  return parts;
}

bool EntityWriter::remove(std::string_view uri, Time verified) {
  const EntityId id = core_.entities.find(uri);
  if (id == 0) return false;
  EntityRow row;
  core_.entities.load(id, row);
  const bool was_live = row.life == Life::live;
  if (was_live && row.root != id) return false;  // a part goes with its document
  tx_.touched = true;
  if (was_live) {
    std::uint64_t sum = row.sum;
    for (const EntityId part : parts_of(row)) {
      core_.entities.load(part, part_);
      retire(part_, std::nullopt, sum);
    }
    retire(row, verified, sum);
    if (sum != 0) {
      throw DamagedStore("the graph store is damaged: " + std::string(uri) +
                         " has other facts than its fingerprint says");
    }
  } else {
    difference_.clear();
    log_change(id, Life::deleted, verified);
    if (row.life == Life::referenced) {
      row.life = Life::deleted;
      core_.entities.save(row);
    }
  }
  report(row, uri);
  return was_live;
}

// ---- derived edges: what the rules give now against what is written ----

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
