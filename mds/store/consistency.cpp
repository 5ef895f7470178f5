#include "mds/store/consistency.hpp"

#include <algorithm>
#include <limits>
#include <map>

#include "base/error.hpp"
#include "base/fact_hash.hpp"
#include "mds/store/consistency_parts.hpp"
#include "mds/store/fact_view.hpp"
#include "mds/store/store.hpp"
#include "mds/store/store_core.hpp"

namespace rehearse::mds {
namespace {

class Checker {
 public:
  Checker(const Store& store, std::size_t limit)
      : core_(store.core()),
        now_(core_, kLatest),
        folded_(core_, kLatest - 1),
        settled_(store.marked_for_enrichment() == 0),
        problems_(limit) {}

  std::vector<std::string> run() {
    core_.entities.forget_rows();  // what the database holds is checked, not what is remembered
    check_database();
    // After a problem of either kind, what is read next would not be what was written.
    if (problems_.none()) check_values(core_, problems_);
    if (!problems_.none()) return problems_.take();
    try {
      check_transactions();
      check_log();
      check_entities();
      check_back_edges(core_, problems_);
      if (core_.index && (!core_.backlog || core_.backlog->size() == 0)) {
        check_index(core_, live_, settled_, problems_);
      }
    } catch (const InputError& error) {
      problems_.add(error.message());
    }
    return problems_.take();
  }

 private:
  std::string name(EntityId id) const { return "entity " + core_.entities.uri(id); }
  std::int64_t number(const std::string& sql) const { return number_of(core_.db, sql); }
  void check_database();
  void check_transactions();
  void check_log();
  void check_order();
  void check_entities();
  void check_entity(EntityId id);
  void check_row(const EntityRow& now, const EntityRow& folded);
  void check_root(const EntityRow& row);
  bool was_part(EntityId id, EntityId root) const;
  bool retyped_by(EntityId id, std::int64_t tx) const;
  void compare(EntityId id, const char* what, std::vector<PackedFact> now,
               std::vector<PackedFact> folded);

  const StoreCore& core_;
  FactView now_;
  FactView folded_;  ///< the same, but from the log
  bool settled_;     ///< nothing is left for enrichment
  Problems problems_;
  std::vector<EntityId> live_;
  std::map<EntityId, EntityId> holders_;    ///< of live parts
  std::map<EntityId, std::uint64_t> sums_;  ///< of documents by root: as computed from the facts
  std::map<EntityId, std::uint64_t> kept_;  ///< the same as the root's row has it
};

void Checker::check_database() {
  Statement integrity(core_.db, "PRAGMA integrity_check");
  while (integrity.step()) {
    if (integrity.bytes(0) != "ok") problems_.add("database: " + std::string(integrity.bytes(0)));
  }
  // FTS5 checks an index against its rows when asked by a write that changes nothing.
  if (!core_.index || sqlite3_db_readonly(core_.db, "main") != 0) return;
  const std::int64_t no_writing = number("PRAGMA query_only");
  execute(core_.db, "PRAGMA query_only = 0");
  for (const char* table : {"entity_index", "owner_index"}) {
    const std::string index = table;
    try {
      execute(core_.db, "INSERT INTO " + index + "(" + index + ") VALUES('integrity-check')");
    } catch (const InputError& error) {
      problems_.add("search index " + index + ": " + error.message());
    }
  }
  execute(core_.db, "PRAGMA query_only = " + std::to_string(no_writing));
}

void Checker::check_transactions() {
  std::int64_t expected = 0;
  std::int64_t last = std::numeric_limits<std::int64_t>::min();
  Statement rows(core_.db, "SELECT id, at FROM tx ORDER BY id");
  while (rows.step()) {
    const std::string which = "transaction " + std::to_string(rows.integer(0));
    if (rows.integer(0) != ++expected) problems_.add(which + " follows a gap");
    if (rows.integer(1) < last) problems_.add(which + " is earlier than the one before it");
    expected = rows.integer(0);
    last = rows.integer(1);
  }
}

void Checker::check_log() {
  std::map<std::int64_t, std::int64_t> datoms;
  Statement changes(core_.db, "SELECT tx, datoms FROM change");
  while (changes.step()) {
    std::string_view change = changes.bytes(1);
    take_change_head(change);
    Datom datom;
    while (take_datom(change, datom)) ++datoms[changes.integer(0)];
  }
  Statement rows(core_.db, "SELECT id, datoms FROM tx ORDER BY id");
  while (rows.step()) {
    const std::int64_t found = datoms[rows.integer(0)];
    if (found == rows.integer(1)) continue;
    problems_.add("transaction " + std::to_string(rows.integer(0)) + " has " +
                  std::to_string(found) + " datoms in place of " + std::to_string(rows.integer(1)));
  }
  check_order();
}

// Changes are numbered across entities in the low half of their ids, in the order of transactions.
void Checker::check_order() {
  std::int64_t expected = 0;
  std::int64_t last = 0;
  Statement rows(core_.db, "SELECT id & 0xffffffff AS n, tx FROM change ORDER BY n");
  while (rows.step()) {
    if (rows.integer(0) != ++expected) {
      problems_.add("the changes of the log are not numbered without gaps");
      return;
    }
    if (rows.integer(1) < last) {
      problems_.add("change " + std::to_string(expected) +
                    " is of an earlier transaction than the one before it");
    }
    last = rows.integer(1);
  }
}

void Checker::check_entities() {
  const std::int64_t count = number("SELECT count(*) FROM entity");
  if (count != core_.entities.size() || number("SELECT max(id) FROM entity") != count) {
    problems_.add("entities are not numbered without gaps");
    return;
  }
  for (EntityId id = 1; id <= count; ++id) check_entity(id);
  for (EntityId id = 1; id <= count; ++id) check_root(now_.peek(id));
  for (const auto& [root, sum] : kept_) {
    if (sums_[root] != sum)
      problems_.add(name(root) + ": its fingerprint is not that of its facts");
  }
}

void Checker::check_entity(EntityId id) {
  EntityState now;
  EntityState folded;
  now_.load(id, now);
  folded_.load(id, folded);
  compare(id, "facts", now.facts, folded.facts);
  compare(id, "derived edges", now.edges, folded.edges);
  check_row(now.row, folded.row);
  for (const PackedFact& edge : now.edges) core_.schema.maker_of(edge.attribute);
  if (now.row.life != Life::live) return;
  live_.push_back(id);
  if (now.row.root == id) kept_[id] = now.row.sum;
  for (const PackedFact& fact : now.facts) {
    if (fact.attribute == kPart) {
      holders_[target_of(fact)] = id;
      continue;
    }
    sums_[now.row.root] +=
        fact_hash(core_.entities.uri(id), core_.symbols.name(fact.attribute), text_of(core_, fact));
  }
}

void Checker::check_row(const EntityRow& now, const EntityRow& folded) {
  if (now.life != folded.life) problems_.add(name(now.id) + ": its life is not what the log says");
  // A change of the type alone leaves no datom, but a row in the log.
  if (now.changed != folded.changed &&
      (now.changed < folded.changed || !retyped_by(now.id, now.changed))) {
    problems_.add(name(now.id) + ": it was not last changed by transaction " +
                  std::to_string(now.changed));
  }
  if (now.sum != 0 && (now.life != Life::live || now.root != now.id)) {
    problems_.add(name(now.id) + ": it has a fingerprint and is no document");
  }
}

bool Checker::retyped_by(EntityId id, std::int64_t tx) const {
  bool found = false;
  core_.log.changes(id, tx, [&](std::int64_t at, std::string_view change) {
    take_change_head(change);
    found |= at == tx && change.empty();
  });
  return found;
}

// A live part belongs to who delivers it; one that is gone may still name who did.
void Checker::check_root(const EntityRow& row) {
  const EntityId id = row.id;
  const auto holder = holders_.find(id);
  const EntityId expected = holder != holders_.end() ? holder->second : id;
  const bool right =
      row.life == Life::live ? row.root == expected : row.root == id || was_part(id, row.root);
  if (!right) problems_.add(name(id) + ": it is no part of the document that it names");
}

bool Checker::was_part(EntityId id, EntityId root) const {
  bool found = false;
  core_.log.changes(root, kLatest, [&](std::int64_t, std::string_view change) {
    take_change_head(change);
    Datom datom;
    while (take_datom(change, datom)) {
      found |= datom.fact.attribute == kPart && target_of(datom.fact) == id;
    }
  });
  return found;
}

void Checker::compare(EntityId id, const char* what, std::vector<PackedFact> now,
                      std::vector<PackedFact> folded) {
  const auto by_bytes = [](const PackedFact& a, const PackedFact& b) { return a.bytes < b.bytes; };
  const auto equal = [](const PackedFact& a, const PackedFact& b) { return a.bytes == b.bytes; };
  std::sort(now.begin(), now.end(), by_bytes);
  std::sort(folded.begin(), folded.end(), by_bytes);
  if (!std::equal(now.begin(), now.end(), folded.begin(), folded.end(), equal)) {
    problems_.add(name(id) + ": its " + what + " are not the fold of the log");
  }
}

}  // namespace

std::vector<std::string> check_consistency(const Store& store, std::size_t limit) {
  return Checker(store, limit).run();
}

}  // namespace rehearse::mds
