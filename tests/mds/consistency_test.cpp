// The store's check of itself, put to stores in which one thing was changed by hand.
#include "mds/store/consistency.hpp"

#include <SQLiteCpp/Database.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "base/error.hpp"
#include "fixtures.hpp"
#include "mds/graph/graph.hpp"
#include "mds/store/damage.hpp"
#include "mds/store/store_core.hpp"
#include "store_fixture.hpp"

namespace rehearse::mds {
namespace {

using namespace test;
using Problems = std::vector<std::string>;

constexpr Time at(std::int64_t seconds) { return Time{seconds * 1'000'000'000}; }

// Documents with parts, a tombstone, an owner, a derived edge that another path replaced, and
// verifications without news.
void fill(Store& store) {
  put_worked_example(store, at(1));
  put(store, {with(entity("User", "alice"), {text("name", "Alice")}), {}}, at(2));
  enrich(store, at(3));
  put(store, {with(entity("Dataset", "d"), {text("name", "clicks")}), {}}, at(4));
  remove(store, uri("Dataset", "d"), at(5));
  put_worked_example(store, at(6));
  enrich(store, at(7));
}

Problems after_tampering(const std::string& sql) {
  Store store({}, example_schema());
  fill(store);
  REQUIRE(check_consistency(store) == Problems{});
  execute(store.core().db, sql);
  return check_consistency(store);
}

void check_found(const std::string& sql, const std::string& what) {
  INFO(sql);
  std::string all;
  for (const std::string& problem : after_tampering(sql)) all += problem + "\n";
  CHECK_THAT(all, Catch::Contains(what));
}

std::vector<std::string> column_of(const Store& store, const std::string& sql) {
  std::vector<std::string> values;
  Statement rows(store.core().db, sql);
  while (rows.step()) values.emplace_back(rows.bytes(0));
  return values;
}

}  // namespace

TEST_CASE("the check of consistency finds what a store must not hold") {
  check_found("UPDATE tx SET datoms = datoms + 1 WHERE id = 1", "in place of");
  check_found("UPDATE tx SET at = 0 WHERE id = 2", "transaction 2 is earlier than the one before");
  check_found("UPDATE tx SET at = -5 WHERE id = 1", "earlier than the start of the run");
  check_found("UPDATE tx SET kind = 99 WHERE id = 1", "with a cause that does not exist");
  check_found("UPDATE tx SET at = 'noon' WHERE id = 1", "whose at is no integer");
  check_found("UPDATE tx SET event = -1 WHERE id = 1", "cannot be");
  check_found("DELETE FROM tx WHERE id = (SELECT max(id) FROM tx)", "transactions that are not");
  check_found("UPDATE entity SET facts = NULL WHERE life = 1", "are not the fold of the log");
  check_found("UPDATE entity SET edges = NULL", "derived edges are not the fold");
  check_found("UPDATE entity SET edges = x'ff' WHERE edges IS NOT NULL", "facts do not end");
  check_found("UPDATE entity SET facts = 'text' WHERE life = 1", "whose facts is no blob");
  check_found("UPDATE entity SET life = 2 WHERE life = 1", "its life is not what the log says");
  check_found("UPDATE entity SET life = 7 WHERE id = 1", "with a life that does not exist");
  check_found("UPDATE entity SET type = 999 WHERE id = 1", "of no known type");
  check_found("UPDATE entity SET sum = sum + 1 WHERE sum <> 0", "its fingerprint is not that");
  check_found("UPDATE entity SET sum = 1 WHERE life <> 1", "has a fingerprint and is no document");
  check_found("UPDATE back SET added = 2", "neither add an edge nor take it away");
  check_found("UPDATE back SET source = source + 999", "of entities that are not there");
  check_found("UPDATE symbol SET name = 'name' WHERE name = 'tags'", "given twice");
  check_found("INSERT INTO work_marked(entity) VALUES(999)", "of entities that are not there");
  check_found("INSERT INTO dead_letter VALUES(1, 1, 0, 0, -1, '', x'')", "start of the run");
}

TEST_CASE("the check of consistency finds an index that says something else than the facts") {
  check_found("DELETE FROM entity_index", "is not in the search index");
  check_found("UPDATE entity_index SET name = 'another'", "its name in the index");
  check_found("UPDATE entity_index SET related = 'another'", "related names in the index");
  check_found("UPDATE entity SET type = type + 1 WHERE life = 1", "its type in the index");
  check_found("DELETE FROM owner_index", "is not in the owners' index");
  check_found("INSERT INTO owner_index(rowid, name) VALUES(9999, 'nobody')", "no live owners");
  check_found("DELETE FROM entity_index_data WHERE id > 10", "search index entity_index");
}

TEST_CASE("every row that is missing and every number that is off by one is found") {
  Store store({}, example_schema());
  fill(store);
  // Nothing tells when a document was verified, but the row that says so.
  const std::string told = " WHERE length(datoms) > 11";
  for (const char* table : {"tx", "change", "back", "symbol", "entity", "entity_index"}) {
    const std::string key = table == std::string("back") ? "target||'-'||source||'-'||tx" : "rowid";
    for (const std::string& row :
         column_of(store, "SELECT " + key + " FROM " + table +
                              (table == std::string("change") ? told : ""))) {
      const std::string sql = "DELETE FROM " + std::string(table) + " WHERE " + key + " = '";
      INFO(sql << row);
      CHECK_FALSE(after_tampering(sql + row + "'").empty());
    }
  }
  for (const char* column :
       {"entity.changed", "entity.root", "tx.datoms", "change.tx", "back.tx"}) {
    const std::string name = column;
    const std::string table = name.substr(0, name.find('.'));
    const std::string field = name.substr(name.find('.') + 1);
    const std::string key = table == "back" ? "target||'-'||source||'-'||tx" : "rowid";
    for (const std::string& row :
         column_of(store, "SELECT " + key + " FROM " + table + (table == "change" ? told : ""))) {
      const std::string sql = "UPDATE " + table + " SET " + field + " = " + field + " + 1 WHERE " +
                              key + " = '" + row + "'";
      INFO(sql);
      CHECK_FALSE(after_tampering(sql).empty());
    }
  }
}

TEST_CASE("a file in which a table is missing or made otherwise is no whole graph store") {
  const rehearse::test::TemporaryFolder folder;
  const std::string whole = (folder.path() / "whole.db").string();
  const std::string path = (folder.path() / "graph.db").string();
  {
    Store store({}, example_schema());
    fill(store);
    store.copy_to(whole);
  }
  const auto refused = [&](const std::string& sql, const std::string& why) {
    INFO(sql);
    std::filesystem::copy_file(whole, path, std::filesystem::copy_options::overwrite_existing);
    {
      SQLite::Database file(path, SQLite::OPEN_READWRITE);
      file.exec(sql);
    }
    CHECK_THROWS_WITH(Store(path), Catch::Contains(why));
    CHECK_THROWS_WITH(Store({path}, example_schema()), Catch::Contains(why));
    CHECK_THROWS_AS(Store(path), InputError);
  };
  for (const char* table : {"symbol", "entity", "tx", "change", "back", "work_touched", "pass",
                            "enriched", "dead_letter", "relation", "rule", "rule_step",
                            "entity_index", "owner_index", "entity_terms"}) {
    refused("DROP TABLE " + std::string(table), "is not a whole graph store: the table ");
  }
  refused("DROP TABLE back", "the table back is missing");
  refused("DROP INDEX entity_stub", "the index entity_stub is missing");
  refused("ALTER TABLE tx RENAME COLUMN at TO since", "the table tx is not made as in one");
  refused(
      "PRAGMA writable_schema = 1; UPDATE sqlite_schema SET sql = replace(sql, 'unicode61', "
      "'nosuch') WHERE name = 'entity_index'",
      "the table entity_index is not made as in one");
  refused("DELETE FROM symbol WHERE id = 3",
          "the graph store is damaged: no name has the number 3");
}

TEST_CASE("facts that say one thing and hold another are damage, whoever reads them") {
  const rehearse::test::TemporaryFolder folder;
  const std::string path = (folder.path() / "graph.db").string();
  // Head (attribute * 8 + kind) and length: a boolean without its byte, and a part that is text.
  for (const char* facts : {"x'0b00'", "x'0000'"}) {
    INFO(facts);
    std::filesystem::remove(path);
    {
      Store store({path}, example_schema());
      put(store, {with(entity("Dataset", "d"), {text("name", "clicks")}), {}}, at(1));
      execute(store.core().db, std::string("UPDATE entity SET facts = ") + facts);
    }
    const Store store(path);
    CHECK_FALSE(check_consistency(store).empty());
    CHECK_THROWS_AS(Graph(store).facts(uri("Dataset", "d")), DamagedStore);
  }
}

TEST_CASE("entities with numbers that no store gives are damage") {
  const rehearse::test::TemporaryFolder folder;
  const std::string path = (folder.path() / "graph.db").string();
  {
    Store store({path}, example_schema());
    fill(store);
    execute(store.core().db,
            "UPDATE entity SET id = 99999999999 WHERE id = (SELECT max(id) FROM entity)");
  }
  CHECK_THROWS_AS(Store(path), DamagedStore);
}

TEST_CASE("edges of a rule that the file no longer has are found") {
  const rehearse::test::TemporaryFolder folder;
  const std::string path = (folder.path() / "graph.db").string();
  {
    Store store({path}, example_schema());
    fill(store);
    execute(store.core().db, "DELETE FROM rule");
  }
  const Store store(path);
  CHECK(check_consistency(store) ==
        Problems{"the graph store is damaged: it has derived edges that no rule makes"});
  CHECK_THROWS_AS(Graph(store).derived_edges(), DamagedStore);
}

TEST_CASE("a rule that lost its number or its path is damage, whatever is asked") {
  for (const char* sql : {"UPDATE rule SET id = id + 999", "DELETE FROM rule_step"}) {
    INFO(sql);
    const rehearse::test::TemporaryFolder folder;
    const std::string path = (folder.path() / "graph.db").string();
    {
      Store store({path}, example_schema());
      fill(store);
      execute(store.core().db, sql);
    }
    CHECK_THROWS_AS(Store(path), DamagedStore);
  }
}

TEST_CASE("a store made without a search index or with one that follows is whole as it is") {
  const rehearse::test::TemporaryFolder folder;
  for (const bool after : {false, true}) {
    StoreOptions options;
    options.path = (folder.path() / (after ? "after.db" : "without.db")).string();
    options.index = after;
    options.index_after = after;
    {
      Store store(options, example_schema());
      fill(store);
    }
    const Store store(options.path);
    CHECK(check_consistency(store) == Problems{});
    CHECK_NOTHROW(Store(options.path).counts());
  }
}

TEST_CASE("a file whose writer ended before its first word is an empty graph to its reader") {
  const rehearse::test::TemporaryFolder folder;
  const std::string path = (folder.path() / "graph.db").string();
  { const Store made({path}, example_schema()); }
  {
    SQLite::Database file(path, SQLite::OPEN_READWRITE);
    file.exec("DELETE FROM symbol");
  }
  CHECK(check_consistency(Store(path)) == Problems{});
  CHECK(Graph(Store(path)).live_documents().empty());
}

TEST_CASE("what is only read is not written to, damaged or not") {
  const rehearse::test::TemporaryFolder folder;
  const std::string path = (folder.path() / "graph.db").string();
  {
    Store store({path}, example_schema());
    fill(store);
  }
  const Store store(path);
  CHECK_THROWS_AS(execute(store.core().db, "DELETE FROM tx"), InputError);
  CHECK(check_consistency(store) == Problems{});
  CHECK_THROWS_AS(execute(store.core().db, "DELETE FROM tx"), InputError);
}

}  // namespace rehearse::mds
