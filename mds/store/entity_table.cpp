#include "mds/store/entity_table.hpp"

#include <cassert>
#include <string>

#include "base/error.hpp"
#include "mds/store/damage.hpp"
#include "mds/store/datom_log.hpp"

namespace rehearse::mds {
namespace {

[[noreturn]] void refuse_unknown(EntityId id) {
  throw DamagedStore("the graph store is damaged: it has no entity " + std::to_string(id));
}

[[noreturn]] void refuse_more_entities() {
  throw InputError("the graph store is full: it holds " + std::to_string(kMostEntities) +
                   " entities, the most that one store can number");
}

}  // namespace

EntityTable::EntityTable(sqlite3* db)
    : find_(db, "SELECT id FROM entity WHERE uri = ?1"),
      uri_(db, "SELECT uri FROM entity WHERE id = ?1"),
      load_(db,
            "SELECT type, root, life, changed, sum, facts, edges, uri FROM entity WHERE id = ?1"),
      stubs_(db,
             "SELECT id FROM entity INDEXED BY entity_stub WHERE life = 0 AND id > ?1 ORDER BY id "
             "LIMIT ?2"),
      insert_(db,
              "INSERT INTO entity(id, uri, type, root, life, changed, sum, facts, edges) "
              "VALUES(?1, ?2, ?3, ?1, 0, 0, 0, NULL, NULL)"),
      save_(db,
            "UPDATE entity SET type = ?2, root = ?3, life = ?4, changed = ?5, sum = ?6, facts = ?7 "
            "WHERE id = ?1"),
      save_facts_(db, "UPDATE entity SET changed = ?2, sum = ?3, facts = ?4 WHERE id = ?1"),
      save_edges_(db, "UPDATE entity SET edges = ?2 WHERE id = ?1") {
  Statement highest(db, "SELECT max(id) FROM entity");
  if (highest.step()) size_ = highest.integer(0);
  if (size_ > kMostEntities) refuse_unknown(size_);
}

EntityId EntityTable::known(std::string_view uri) const {
  const std::uint32_t number = uris_.find(uri);
  return number == NameTable::kNone ? 0 : EntityId{number};
}

// As the database says, which may be damaged.
void EntityTable::remember(std::string_view uri, EntityId id) const {
  if (id < 1 || id > size_) refuse_unknown(id);
  const auto number = static_cast<std::uint32_t>(id);
  if (uris_.has(number) || uris_.find(uri) != NameTable::kNone) {
    throw DamagedStore("the graph store is damaged: it has several numbers or URIs for entity " +
                       std::to_string(id));
  }
  uris_.insert(uri, number);
}

EntityId EntityTable::find(std::string_view uri) const {
  if (const EntityId id = known(uri); id != 0) return id;
  // All that this process created is in memory, so only a reopened file can hold more.
  if (uris_.size() == static_cast<std::size_t>(size_)) return 0;
  const ResetAtEnd guard(find_);
  if (!find_.bind_text(1, uri).step()) return 0;
  const EntityId id = find_.integer(0);
  remember(uri, id);
  return id;
}

// Where the row is stands in the index, so this is done in two steps, the second one call later.
void EntityTable::expect(std::string_view uri) const {
  const std::uint32_t number = uris_.guess(expected_);
  expected_ = uris_.expect(uri);
  if (number == NameTable::kNone) return;
  uris_.expect_number(number);
  cache_.expect(EntityId{number});
}

EntityId EntityTable::intern(std::string_view uri, Symbol type) {
  if (const EntityId known = find(uri); known != 0) return known;
  if (size_ == kMostEntities) refuse_more_entities();
  const EntityId id = size_ + 1;
  insert_.bind(1, id).bind_text(2, uri).bind(3, type).run();
  written(id);
  size_ = id;
  uris_.insert(uri, static_cast<std::uint32_t>(id));
  EntityRow row;
  row.id = id;
  row.type = type;
  row.root = id;
  cache_.keep(row);
  return id;
}

std::string_view EntityTable::uri_view(EntityId id) const {
  if (id < 1 || id > size_) refuse_unknown(id);
  const auto number = static_cast<std::uint32_t>(id);
  if (!uris_.has(number)) {
    const ResetAtEnd guard(uri_);
    if (!uri_.bind(1, id).step()) refuse_unknown(id);
    remember(uri_.bytes(0), id);
  }
  return uris_.name(number);
}

void EntityTable::read(EntityId id, EntityRow& row) const {
  const ResetAtEnd guard(load_);
  if (!load_.bind(1, id).step()) refuse_unknown(id);
  row.id = id;
  row.type = static_cast<Symbol>(load_.integer(0));
  row.root = load_.integer(1);
  row.life = static_cast<Life>(load_.integer(2));
  row.changed = load_.integer(3);
  row.sum = static_cast<std::uint64_t>(load_.integer(4));
  if (row.root < 1 || row.root > size_) refuse_unknown(row.root);
  row.facts = load_.bytes(5);
  row.edges = load_.bytes(6);
  // Who reads a row wants the URI next.
  if (!uris_.has(static_cast<std::uint32_t>(id))) remember(load_.bytes(7), id);
}

const EntityRow& EntityTable::peek(EntityId id) const {
  if (const EntityRow* row = cache_.find(id)) return *row;
  read(id, spare_);
  if (RowCache::is_large(spare_)) return spare_;
  cache_.keep(spare_);
  return *cache_.find(id);
}

void EntityTable::save(const EntityRow& row) {
  written(row.id);
  save_.bind(1, row.id).bind(2, row.type).bind(3, row.root);
  save_.bind(4, static_cast<std::int64_t>(row.life)).bind(5, row.changed);
  save_.bind(6, static_cast<std::int64_t>(row.sum)).bind_blob(7, row.facts).run();
  if (EntityRow* kept = cache_.find(row.id)) {
    kept->type = row.type;
    kept->root = row.root;
    kept->life = row.life;
    keep_facts(*kept, row);
  }
}

void EntityTable::save_facts(const EntityRow& row) {
  written(row.id);
  save_facts_.bind(1, row.id).bind(2, row.changed);
  save_facts_.bind(3, static_cast<std::int64_t>(row.sum)).bind_blob(4, row.facts).run();
  if (EntityRow* kept = cache_.find(row.id)) keep_facts(*kept, row);
}

void EntityTable::save_edges(EntityId id, std::string_view edges) {
  written(id);
  save_edges_.bind(1, id).bind_blob(2, edges).run();
  if (EntityRow* kept = cache_.find(id)) {
    kept->edges = edges;
    if (RowCache::is_large(*kept)) cache_.forget(id);
  }
}

// What a row has grown too large for, the next reader finds in the database.
void EntityTable::keep_facts(EntityRow& kept, const EntityRow& row) {
  kept.changed = row.changed;
  kept.sum = row.sum;
  kept.facts = row.facts;
  if (RowCache::is_large(kept)) cache_.forget(row.id);
}

std::vector<EntityId> EntityTable::stubs(EntityId after, std::size_t limit) const {
  std::vector<EntityId> ids;
  const ResetAtEnd guard(stubs_);
  stubs_.bind(1, after).bind(2, static_cast<std::int64_t>(limit));
  while (stubs_.step()) ids.push_back(stubs_.integer(0));
  return ids;
}

void EntityTable::truncate(EntityId size) {
  assert(size <= size_);
  cache_.forget_all();
  if (size == size_) return;
  size_ = size;
  uris_.truncate(static_cast<std::uint32_t>(size + 1));
}

}  // namespace rehearse::mds
