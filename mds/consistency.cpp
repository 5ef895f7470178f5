#include "mds/consistency.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <map>
#include <tuple>

#include "base/error.hpp"
#include "base/fact_hash.hpp"
#include "mds/fact_view.hpp"
#include "mds/store.hpp"
#include "mds/store_core.hpp"

namespace rehearse::mds {
namespace {

/// (target, attribute, source) of an edge that stands.
using Edge = std::tuple<EntityId, Symbol, EntityId>;

class Checker {
 public:
  Checker(const Store& store, std::size_t limit)
      : core_(store.core()),
        now_(core_, kLatest),
        folded_(core_, kLatest - 1),
        settled_(store.marked_for_enrichment() == 0),
        limit_(limit) {}

  std::vector<std::string> run() {
    core_.entities.forget_rows();  // what the database holds is checked, not what is remembered
    check_database();
    if (!problems_.empty())
      return std::move(problems_);  // what is read now would not be what was written
    try {
      check_transactions();
      check_log();
      check_entities();
      check_back_edges();
      if (core_.index && (!core_.backlog || core_.backlog->size() == 0)) check_index();
    } catch (const InputError& error) {
      problem(error.message());
    }
    return std::move(problems_);
  }

 private:
  void problem(std::string what) {
    if (problems_.size() < limit_) problems_.push_back(std::move(what));
  }
  std::string name(EntityId id) const { return "entity " + core_.entities.uri(id); }
  std::int64_t number(const std::string& sql) const {
    Statement statement(core_.db, sql);
    return statement.step() ? statement.integer(0) : 0;
  }
  void check_database();
  void check_transactions();
  void check_log();
  void check_entities();
  void check_entity(EntityId id);
  void compare(EntityId id, const char* what, std::vector<PackedFact> now,
               std::vector<PackedFact> folded);
  void add_edges(EntityId id, const std::vector<PackedFact>& facts);
  void check_back_edges();
  void check_index();
  void check_row(EntityId id, Statement& row, const SearchIndex::Texts& texts);
  void check_owner_row(EntityId id, Statement& row, const SearchIndex::Texts& texts);
  void same(EntityId id, const char* column, std::string_view indexed, std::string_view fact);

  const StoreCore& core_;
  FactView now_;
  FactView folded_;  ///< the same, but from the log
  bool settled_;     ///< nothing is left for enrichment
  std::size_t limit_;
  std::vector<std::string> problems_;
  std::vector<EntityId> live_;
  std::vector<Edge> edges_;
  std::map<EntityId, std::uint64_t> sums_;  ///< of documents by root: as computed from the facts
  std::map<EntityId, std::uint64_t> kept_;  ///< the same as the root's row has it
};

void Checker::check_database() {
  Statement integrity(core_.db, "PRAGMA integrity_check");
  while (integrity.step()) {
    if (integrity.bytes(0) != "ok") problem("database: " + std::string(integrity.bytes(0)));
  }
  // FTS5 checks an index against its rows when asked by a write that changes nothing.
  if (!core_.index || sqlite3_db_readonly(core_.db, "main") != 0) return;
  for (const char* table : {"entity_index", "owner_index"}) {
    const std::string index = table;
    try {
      execute(core_.db, "INSERT INTO " + index + "(" + index + ") VALUES('integrity-check')");
    } catch (const InputError& error) {
      problem("search index " + index + ": " + error.message());
    }
  }
}

void Checker::check_transactions() {
  std::int64_t expected = 0;
  std::int64_t last = std::numeric_limits<std::int64_t>::min();
  Statement rows(core_.db, "SELECT id, at FROM tx ORDER BY id");
  while (rows.step()) {
    const std::string which = "transaction " + std::to_string(rows.integer(0));
    if (rows.integer(0) != ++expected) problem(which + " follows a gap");
    if (rows.integer(1) < last) problem(which + " is earlier than the one before it");
    expected = rows.integer(0);
    last = rows.integer(1);
  }
  for (const char* table : {"change", "back", "dead_letter", "pass", "enriched"}) {
    const std::int64_t orphans = number(std::string("SELECT count(*) FROM ") + table +
                                        " WHERE tx NOT IN (SELECT id FROM tx)");
    if (orphans != 0) {
      problem(std::string("table ") + table + ": " + std::to_string(orphans) +
              " rows of transactions that are not there");
    }
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
    problem("transaction " + std::to_string(rows.integer(0)) + " has " + std::to_string(found) +
            " datoms in place of " + std::to_string(rows.integer(1)));
  }
  // Changes are numbered across entities in the low half of their ids.
  const std::int64_t count = number("SELECT count(*) FROM change");
  if (number("SELECT count(DISTINCT id & 0xffffffff) FROM change") != count ||
      number("SELECT max(id & 0xffffffff) FROM change") != count) {
    problem("the changes of the log are not numbered without gaps");
  }
}

void Checker::check_entities() {
  const std::int64_t count = number("SELECT count(*) FROM entity");
  if (count != core_.entities.size() || number("SELECT max(id) FROM entity") != count) {
    problem("entities are not numbered without gaps");
    return;
  }
  for (EntityId id = 1; id <= count; ++id) check_entity(id);
  for (const auto& [root, sum] : kept_) {
    if (sums_[root] != sum) problem(name(root) + ": its fingerprint is not that of its facts");
  }
}

void Checker::check_entity(EntityId id) {
  EntityState now;
  EntityState folded;
  now_.load(id, now);
  folded_.load(id, folded);
  if (now.row.life != folded.row.life) problem(name(id) + ": its life is not what the log says");
  compare(id, "facts", now.facts, folded.facts);
  compare(id, "derived edges", now.edges, folded.edges);
  add_edges(id, now.facts);
  add_edges(id, now.edges);
  if (now.row.life != Life::live) return;
  live_.push_back(id);
  if (now.row.root == id) kept_[id] = now.row.sum;
  for (const PackedFact& fact : now.facts) {
    if (fact.attribute == kPart) continue;
    sums_[now.row.root] +=
        fact_hash(core_.entities.uri(id), core_.symbols.name(fact.attribute), text_of(core_, fact));
  }
}

void Checker::compare(EntityId id, const char* what, std::vector<PackedFact> now,
                      std::vector<PackedFact> folded) {
  const auto by_bytes = [](const PackedFact& a, const PackedFact& b) { return a.bytes < b.bytes; };
  const auto equal = [](const PackedFact& a, const PackedFact& b) { return a.bytes == b.bytes; };
  std::sort(now.begin(), now.end(), by_bytes);
  std::sort(folded.begin(), folded.end(), by_bytes);
  if (!std::equal(now.begin(), now.end(), folded.begin(), folded.end(), equal)) {
    problem(name(id) + ": its " + what + " are not the fold of the log");
  }
}

// Parts are not read backwards.
void Checker::add_edges(EntityId id, const std::vector<PackedFact>& facts) {
  for (const PackedFact& fact : facts) {
    if (is_edge(fact) && fact.attribute != kPart) {
      edges_.emplace_back(target_of(fact), fact.attribute, id);
    }
  }
}

void Checker::check_back_edges() {
  std::vector<Edge> back;
  Statement rows(core_.db,
                 "SELECT target, attribute, source, added FROM back "
                 "ORDER BY target, attribute, source, tx");
  while (rows.step()) {
    const Edge edge{rows.integer(0), static_cast<Symbol>(rows.integer(1)), rows.integer(2)};
    if (!back.empty() && back.back() == edge) back.pop_back();
    if (rows.integer(3) != 0) back.push_back(edge);
  }
  std::sort(edges_.begin(), edges_.end());
  std::vector<Edge> different;
  std::set_symmetric_difference(edges_.begin(), edges_.end(), back.begin(), back.end(),
                                std::back_inserter(different));
  for (const auto& [target, attribute, source] : different) {
    problem(name(source) + ": its edge " + core_.symbols.name(attribute) + " to " +
            core_.entities.uri(target) + " is known in one direction only");
  }
}

void Checker::check_index() {
  SearchIndex expected(core_);
  SearchIndex::Texts texts;
  Statement rows(core_.db,
                 "SELECT name, description, type, owners, related, tags FROM entity_index "
                 "WHERE rowid = ?1");
  Statement owner_rows(core_.db, "SELECT name, handle, groups FROM owner_index WHERE rowid = ?1");
  std::int64_t owners = 0;
  for (const EntityId id : live_) {
    EntityRow row;
    core_.entities.load(id, row);
    expected.gather(row, texts);
    rows.bind(1, id);
    check_row(id, rows, texts);
    rows.reset();
    if (!core_.schema.is_owner_type(row.type)) continue;
    ++owners;
    owner_rows.bind(1, id);
    check_owner_row(id, owner_rows, texts);
    owner_rows.reset();
  }
  if (number("SELECT count(*) FROM entity_index") != static_cast<std::int64_t>(live_.size())) {
    problem("the search index has rows of entities that are not live");
  }
  if (number("SELECT count(*) FROM owner_index") != owners) {
    problem("the owners' index has rows of entities that are no live owners");
  }
}

void Checker::check_row(EntityId id, Statement& row, const SearchIndex::Texts& texts) {
  if (!row.step()) {
    problem(name(id) + " is not in the search index");
    return;
  }
  EntityRow entity;
  core_.entities.load(id, entity);
  same(id, "name", row.bytes(0), texts.name);
  same(id, "description", row.bytes(1), texts.description);
  same(id, "type", row.bytes(2), core_.symbols.name(entity.type));
  same(id, "tags", row.bytes(5), texts.tags);
  if (!settled_) return;
  same(id, "owners", row.bytes(3), texts.owners);
  same(id, "related names", row.bytes(4), texts.related);
}

void Checker::check_owner_row(EntityId id, Statement& row, const SearchIndex::Texts& texts) {
  if (!row.step()) {
    problem(name(id) + " is not in the owners' index");
    return;
  }
  same(id, "name as an owner", row.bytes(0), texts.name);
  same(id, "handle", row.bytes(1), resource_id(core_.entities.uri(id)));
  if (settled_) same(id, "groups", row.bytes(2), texts.related);
}

void Checker::same(EntityId id, const char* column, std::string_view indexed,
                   std::string_view fact) {
  if (indexed != fact) problem(name(id) + ": its " + column + " in the index are not its facts'");
}

}  // namespace

std::vector<std::string> check_consistency(const Store& store, std::size_t limit) {
  return Checker(store, limit).run();
}

}  // namespace rehearse::mds
