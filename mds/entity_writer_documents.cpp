// Documents: an entity and its parts come and go together.
#include <algorithm>
#include <cassert>

#include "mds/entity_writer.hpp"

namespace rehearse::mds {

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
    assert(sum == 0);
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
