// Documents: an entity and its parts come and go together.
#include <algorithm>
#include <cassert>

#include "base/debug_assert.hpp"
#include "mds/store/damage.hpp"
#include "mds/store/entity_writer.hpp"

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

}  // namespace rehearse::mds
