#include "mds/entity_writer.hpp"

#include <algorithm>
#include <cassert>
#include <map>
#include <utility>

#include "base/fact_hash.hpp"
#include "mds/fact_view.hpp"
#include "mds/inference.hpp"

namespace rehearse::mds {
namespace {

void take_apart(std::string_view packed, std::vector<PackedFact>& facts) {
  facts.clear();
  PackedFact fact;
  while (take_fact(packed, fact)) facts.push_back(fact);
}

bool by_bytes(const PackedFact& a, const PackedFact& b) { return a.bytes < b.bytes; }

}  // namespace

EntityWriter::EntityWriter(StoreCore& core, Tally& tally, OpenTx& tx)
    : core_(core),
      tally_(tally),
      tx_(tx),
      name_(core.symbols.intern(kName)),
      version_(core.symbols.intern(kVersion)) {}

void EntityWriter::encode(const EntityFacts& facts, std::string& packed) {
  assert(std::is_sorted(facts.facts.begin(), facts.facts.end()));
  for (const Fact& fact : facts.facts) {
    const Symbol attribute = core_.symbols.intern(fact.attribute);
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
      append_reference(packed, attribute,
                       core_.entities.intern(to.uri, core_.symbols.intern(to.type)));
    }
  }
}

// Both sides are grouped by attribute in the order of names, so groups meet in one merge.
void EntityWriter::difference(std::string_view before, std::string_view after) {
  take_apart(before, old_facts_);
  take_apart(after, new_facts_);
  datoms_.clear();
  const auto group_end = [](const std::vector<PackedFact>& facts, std::size_t at) {
    const Symbol attribute = facts[at].attribute;
    while (at < facts.size() && facts[at].attribute == attribute) ++at;
    return at;
  };
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < old_facts_.size() || j < new_facts_.size()) {
    int order = 0;
    if (i == old_facts_.size()) {
      order = 1;
    } else if (j == new_facts_.size()) {
      order = -1;
    } else if (old_facts_[i].attribute != new_facts_[j].attribute) {
      order = core_.symbols.name(old_facts_[i].attribute)
                  .compare(core_.symbols.name(new_facts_[j].attribute));
    }
    const std::size_t old_end = order <= 0 ? group_end(old_facts_, i) : i;
    const std::size_t new_end = order >= 0 ? group_end(new_facts_, j) : j;
    difference_of_group(i, old_end, j, new_end);
    i = old_end;
    j = new_end;
  }
}

void EntityWriter::difference_of_group(std::size_t old_begin, std::size_t old_end,
                                       std::size_t new_begin, std::size_t new_end) {
  const auto old_at = old_facts_.begin() + static_cast<std::ptrdiff_t>(old_begin);
  const auto old_stop = old_facts_.begin() + static_cast<std::ptrdiff_t>(old_end);
  const auto new_at = new_facts_.begin() + static_cast<std::ptrdiff_t>(new_begin);
  const auto new_stop = new_facts_.begin() + static_cast<std::ptrdiff_t>(new_end);
  if (old_end - old_begin == 1 && new_end - new_begin == 1) {
    if (old_at->bytes == new_at->bytes) return;
    if (!is_edge(*old_at) && !is_edge(*new_at)) {
      datoms_.push_back({DatomOp::replaced, *new_at, *old_at});
      return;
    }
  }
  std::sort(old_at, old_stop, by_bytes);
  std::sort(new_at, new_stop, by_bytes);
  std::vector<PackedFact> gone;
  std::vector<PackedFact> come;
  std::set_difference(old_at, old_stop, new_at, new_stop, std::back_inserter(gone), by_bytes);
  std::set_difference(new_at, new_stop, old_at, old_stop, std::back_inserter(come), by_bytes);
  for (const PackedFact& fact : gone) datoms_.push_back({DatomOp::retracted, fact, {}});
  for (const PackedFact& fact : come) datoms_.push_back({DatomOp::added, fact, {}});
}

std::uint64_t EntityWriter::hash(EntityId id, const PackedFact& fact) const {
  const std::string& uri = core_.entities.uri(id);
  const std::string& attribute = core_.symbols.name(fact.attribute);
  if (fact.kind == ValueKind::text) return fact_hash(uri, attribute, fact.body);
  return fact_hash(uri, attribute, text_of(core_, fact));
}

void EntityWriter::apply_reference(const EntityRow& row, const PackedFact& fact, bool added,
                                   Effects& effects) {
  const EntityId target = target_of(fact);
  core_.log.write_back(target, fact.attribute, row.id, tx_.id, added);
  if (core_.schema.touches_target(fact.attribute)) core_.work.add(Work::touched, target);
  effects.indexed = true;
}

// The sum takes the hashes of what came and loses those of what went; parts do not count as facts.
EntityWriter::Effects EntityWriter::apply_datoms(const EntityRow& row, std::uint64_t& sum) {
  Effects effects;
  for (const Datom& datom : datoms_) {
    const PackedFact& fact = datom.fact;
    if (fact.attribute == kPart) continue;
    if (datom.op == DatomOp::replaced) sum -= hash(row.id, datom.old);
    if (datom.op == DatomOp::retracted) {
      sum -= hash(row.id, fact);
    } else {
      sum += hash(row.id, fact);
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
  for (const Datom& datom : datoms_) append_datom(change_, datom.op, datom.fact);
  core_.log.write_change(id, tx_.id, change_);
  tx_.datoms += static_cast<std::int64_t>(datoms_.size());
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
  core_.index->write(row, was_live);
  tx_.report.indexed.push_back(core_.entities.uri(row.id));
}

// The new name is compared with the stored one, so this comes before the row is saved.
void EntityWriter::write_row(EntityRow& row, Symbol type, std::string& after,
                             std::optional<Time> verified, std::uint64_t& sum) {
  const bool was_live = row.life == Life::live;
  const bool retyped = row.type != type;
  difference(row.facts, after);
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

bool EntityWriter::write_part(const EntityFacts& facts, EntityId id, EntityId root,
                              std::uint64_t& sum) {
  core_.entities.load(id, part_);
  const Symbol type = core_.symbols.intern(facts.type);
  std::string after;
  encode(facts, after);
  if (part_.life == Life::live && part_.type == type && part_.facts == after) return false;
  part_.root = root;
  write_row(part_, type, after, std::nullopt, sum);
  return true;
}

// A part that another document already delivers stays with that one.
std::vector<EntityId> EntityWriter::number_parts(const Document& document, EntityId root) {
  std::vector<EntityId> ids;
  for (const EntityFacts& part : document.parts) {
    EntityId id = core_.entities.intern(part.uri, core_.symbols.intern(part.type));
    core_.entities.load(id, part_);
    const bool elsewhere = part_.life == Life::live && part_.root != root;
    const bool twice = std::find(ids.begin(), ids.end(), id) != ids.end();
    ids.push_back(elsewhere || twice || id == root ? 0 : id);
  }
  return ids;
}

bool EntityWriter::put(const Document& document, Time verified) {
  const Symbol type = core_.symbols.intern(document.root.type);
  const EntityId id = core_.entities.intern(document.root.uri, type);
  EntityRow root;
  core_.entities.load(id, root);
  if (root.life == Life::live && root.root != id) return false;  // it is part of another document
  tx_.touched = true;
  const std::vector<EntityId> parts = number_parts(document, id);
  std::string after;
  for (const EntityId part : parts) {
    if (part != 0) append_reference(after, kPart, part);
  }
  encode(document.root, after);
  std::uint64_t sum = root.sum;
  bool changed = false;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i] != 0) changed |= write_part(document.parts[i], parts[i], id, sum);
  }
  for (const EntityId part : parts_of(root)) {
    if (std::find(parts.begin(), parts.end(), part) != parts.end()) continue;
    core_.entities.load(part, part_);
    retire(part_, std::nullopt, sum);
    changed = true;
  }
  if (root.life != Life::live || root.type != type || root.facts != after) {
    root.root = id;
    write_row(root, type, after, verified, sum);
    changed = true;
  } else {
    datoms_.clear();
    log_change(id, Life::live, verified);
    root.sum = sum;
    if (changed) core_.entities.save_facts(root);
  }
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

void EntityWriter::retire(EntityRow& row, std::optional<Time> verified, std::uint64_t& sum) {
  difference(row.facts, {});
  apply_datoms(row, sum);
  const std::size_t facts = datoms_.size();
  take_apart(row.edges, new_facts_);
  for (const PackedFact& edge : new_facts_) datoms_.push_back({DatomOp::retracted, edge, {}});
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
    core_.index->remove(row);
    tx_.report.indexed.push_back(core_.entities.uri(row.id));
    far_ends.erase(row.id);
    for (const EntityId far : far_ends) core_.work.add(Work::outdated, far);
  }
  core_.entities.save(row);
  if (datoms_.size() > facts) core_.entities.save_edges(row.id, {});
  --tally_.live;
  if (core_.schema.on_path(row.type)) core_.work.add(Work::touched, row.id);
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
    assert(sum == 0);
  } else {
    datoms_.clear();
    log_change(id, Life::deleted, verified);
    if (row.life == Life::referenced) {
      row.life = Life::deleted;
      core_.entities.save(row);
    }
  }
  report(row, uri);
  return was_live;
}

// datoms_ from `first` on are derived edges of `row`; a replacement rests on another path only.
void EntityWriter::write_edges(const EntityRow& row, std::size_t first, std::set<EntityId>& ends) {
  for (std::size_t i = first; i < datoms_.size(); ++i) {
    const Datom& datom = datoms_[i];
    if (datom.op == DatomOp::replaced) continue;
    const bool added = datom.op == DatomOp::added;
    const EntityId target = target_of(datom.fact);
    core_.log.write_back(target, datom.fact.attribute, row.id, tx_.id, added);
    tally_.edges += added ? 1 : -1;
    const CompiledRule* rule = core_.schema.rule_of(datom.fact.attribute);
    assert(rule != nullptr);
    tx_.report.edges.push_back({core_.entities.uri(row.id),
                                core_.schema.schema().rules[rule->index].name,
                                core_.entities.uri(target), added});
    ends.insert(row.id);
    ends.insert(target);
  }
}

void EntityWriter::difference_of_edges(std::string_view before, std::string_view after,
                                       bool retract) {
  take_apart(before, old_facts_);
  take_apart(after, new_facts_);
  datoms_.clear();
  using Key = std::pair<Symbol, EntityId>;
  std::map<Key, PackedFact> had;
  for (const PackedFact& edge : old_facts_) had[{edge.attribute, target_of(edge)}] = edge;
  for (const PackedFact& edge : new_facts_) {
    const auto same = had.find({edge.attribute, target_of(edge)});
    if (same == had.end()) {
      datoms_.push_back({DatomOp::added, edge, {}});
      continue;
    }
    if (same->second.bytes != edge.bytes) datoms_.push_back({DatomOp::replaced, edge, {}});
    had.erase(same);
  }
  if (!retract) return;
  for (const auto& [key, edge] : had) datoms_.push_back({DatomOp::retracted, edge, {}});
}

void EntityWriter::derive_edges(EntityId id, bool retract, std::set<EntityId>& outdated) {
  EntityRow row;
  core_.entities.load(id, row);
  if (row.life != Life::live) return;
  const std::string after = derive(core_, id);
  if (after == row.edges) return;
  difference_of_edges(row.edges, after, retract);
  if (datoms_.empty()) return;
  write_edges(row, 0, outdated);
  log_change(id, Life::live, std::nullopt);
  FactFold fold;
  for (const PackedFact& edge : old_facts_) fold.apply({DatomOp::added, edge, {}});
  for (const Datom& datom : datoms_) fold.apply(datom);
  std::string packed;
  for (const PackedFact& edge : fold.facts()) packed.append(edge.bytes);
  core_.entities.save_edges(id, retract ? after : packed);
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
                                  live ? version(root.facts) : 0, live ? root.sum : 0});
}

std::int64_t EntityWriter::version(std::string_view facts) const {
  PackedFact fact;
  while (take_fact(facts, fact)) {
    if (fact.attribute == version_ && fact.kind == ValueKind::integer) return integer_of(fact);
  }
  return 0;
}

}  // namespace rehearse::mds
