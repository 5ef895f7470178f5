// Rows that are read through the cache are the rows of the database: a copy of the store, opened
// with nothing in memory, must say the same.
#include "mds/store/row_cache.hpp"

#include <catch2/catch.hpp>

#include "fixtures.hpp"
#include "mds/graph/graph.hpp"
#include "mds/store/store.hpp"
#include "store_fixture.hpp"

namespace rehearse::mds {
namespace {

using namespace test;

constexpr Time at(std::int64_t seconds) { return Time{seconds * 1'000'000'000}; }

Document dataset(std::int64_t version, std::size_t length) {
  return {with(entity("Dataset", "d"),
               {number("version", version), text("name", std::string(length, 'x'))}),
          {}};
}

Document feature(std::int64_t version, const std::string& dataset) {
  return {with(entity("Feature", "f"),
               {number("version", version), reference("datasets", "Dataset", dataset)}),
          {}};
}

void check_against_copy(const Store& store, const std::string& path) {
  store.copy_to(path);
  const Store copy(path);
  CHECK(copy.digest() == store.digest());
  for (const std::string& entity : Graph(store).live_documents()) {
    CHECK(Graph(copy).facts(entity) == Graph(store).facts(entity));
  }
  CHECK(Graph(copy).live_documents() == Graph(store).live_documents());
  CHECK(Graph(copy).derived_edges() == Graph(store).derived_edges());
}

EntityRow row(EntityId id, std::size_t length) {
  EntityRow row;
  row.id = id;
  row.facts = std::string(length, 'x');
  return row;
}

}  // namespace

TEST_CASE("rows that grow past what the cache keeps, and shrink again, are read as written") {
  const rehearse::test::TemporaryFolder folder;
  Store store({}, example_schema());
  put_worked_example(store, at(1));
  std::int64_t now = 1;
  for (const std::size_t length : {5U, 4000U, 9000U, 10000U, 40U}) {
    ++now;
    put(store, dataset(now, length), at(now));
    enrich(store, at(now));
    check_against_copy(store, (folder.path() / std::to_string(now)).string());
  }
}

TEST_CASE("what a rollback undoes is not read from the cache") {
  const rehearse::test::TemporaryFolder folder;
  Store store({}, example_schema());
  put_worked_example(store, at(1));
  put(store, feature(1, "d"), at(2));
  put(store, dataset(1, 5), at(2));
  enrich(store, at(3));
  store.begin(at(4), {});
  store.put(dataset(2, 9), at(4));
  store.put(feature(2, "new"), at(4));
  store.remove(uri("ABTest", "12345"), at(4));
  store.rollback();
  check_against_copy(store, (folder.path() / "rolled-back").string());
  store.savepoint();
  put(store, feature(2, "other"), at(5));
  remove(store, uri("ABTest", "12345"), at(5));
  enrich(store, at(6));
  store.rollback_to_savepoint();
  check_against_copy(store, (folder.path() / "branch").string());
  CHECK(Graph(store).derived_edges().size() == 1);
}

TEST_CASE("the cache finds what it was given last and nothing it has forgotten") {
  RowCache cache;
  CHECK(cache.find(1) == nullptr);
  EntityRow first = row(1, 3);
  cache.keep(first);
  REQUIRE(cache.find(1) != nullptr);
  CHECK(cache.find(1)->facts == "xxx");
  const EntityId same_place = 1 + (EntityId{1} << 18U);
  CHECK(cache.find(same_place) == nullptr);
  EntityRow second = row(same_place, 4);
  cache.keep(second);
  CHECK(cache.find(1) == nullptr);
  CHECK(cache.find(same_place)->facts == "xxxx");
  EntityRow large = row(same_place, 100'000);
  cache.keep(large);
  CHECK(cache.find(same_place) == nullptr);
  EntityRow third = row(2, 1);
  cache.keep(third);
  cache.forget_all();
  CHECK(cache.find(2) == nullptr);
}

}  // namespace rehearse::mds
