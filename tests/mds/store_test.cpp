#include "mds/store/store.hpp"

#include <SQLiteCpp/Database.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "base/error.hpp"
#include "base/fact_hash.hpp"
#include "fixtures.hpp"
#include "mds/graph/graph.hpp"
#include "mds/store/store_reset.hpp"
#include "store_fixture.hpp"

namespace rehearse::mds {
namespace {

using namespace test;

constexpr Time at(std::int64_t seconds) { return Time{seconds * 1'000'000'000}; }

Document dataset(const std::string& id, std::int64_t version, const std::string& name) {
  return {with(entity("Dataset", id), {number("version", version), text("name", name)}), {}};
}

std::string content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::uint64_t sum_of(const std::vector<StoredFact>& facts) {
  std::uint64_t sum = 0;
  for (const StoredFact& fact : facts) sum += fact_hash(fact.uri, fact.attribute, fact.text);
  return sum;
}

}  // namespace

TEST_CASE("a document that is put can be read back and its report carries the sum of its facts") {
  Store store({}, example_schema());
  put_worked_example(store, at(1));
  const Graph graph(store);
  const std::string test = uri("ABTest", "12345");
  const auto facts = graph.facts(test);
  REQUIRE(facts.size() == 8);
  CHECK(facts.front() == StoredFact{uri("ABTestCell", "12345:1"), "ab_test", test});
  const auto reports = store.take_reports();
  REQUIRE(reports.size() == 3);
  REQUIRE(reports[2].documents.size() == 1);
  const DocumentChange& change = reports[2].documents[0];
  CHECK(change.uri == test);
  CHECK(change.type == "ABTest");
  CHECK(change.live);
  CHECK(change.version == 1);
  CHECK(change.facts == sum_of(facts));
  CHECK(graph.live_documents().size() == 3);
  CHECK(store.counts().entities == 5);
}

TEST_CASE("an answer that equals what is stored writes no datom but a new time of verification") {
  Store store({}, example_schema());
  CHECK(put(store, dataset("d", 1, "clicks"), at(1)));
  const auto datoms = store.counts().datoms;
  CHECK_FALSE(put(store, dataset("d", 1, "clicks"), at(5)));
  CHECK(store.counts().datoms == datoms);
  CHECK(store.last_verified(uri("Dataset", "d")) == at(5));
}

TEST_CASE("a change writes only the facts that changed and leaves the index alone for a version") {
  Store store({}, example_schema());
  put(store, dataset("d", 1, "clicks"), at(1));
  store.take_reports();
  CHECK(put(store, dataset("d", 2, "clicks"), at(2)));
  auto reports = store.take_reports();
  CHECK(reports.back().datoms == 1);
  CHECK(reports.back().indexed.empty());
  CHECK(reports.back().documents[0].version == 2);
  CHECK(reports.back().documents[0].facts == sum_of(Graph(store).facts(uri("Dataset", "d"))));
  CHECK(put(store, dataset("d", 2, "views"), at(3)));
  CHECK(store.take_reports().back().indexed == std::vector<std::string>{uri("Dataset", "d")});
}

TEST_CASE("references to unknown entities make stubs in the order they were first seen") {
  Store store({}, example_schema());
  put_worked_example(store, at(1));
  const auto stubs = store.stubs(10);
  REQUIRE(stubs.size() == 2);
  CHECK(stubs[0].uri == uri("User", "alice"));
  CHECK(stubs[0].type == "User");
  CHECK(stubs[1].uri == uri("Pipeline", "weekly-ranking-trainer"));
  CHECK(store.stubs(1).size() == 1);
  CHECK(store.life_cycle(uri("User", "alice")) == LifeCycle::referenced);
  CHECK(store.known("User") == std::vector<std::string>{uri("User", "alice")});
  CHECK_FALSE(store.life_cycle("aip://user/identity/bob").has_value());
}

TEST_CASE("the worked example's model instance is joined to its test and back") {
  Store store({}, example_schema());
  put_worked_example(store, at(1));
  CHECK(store.marked_for_enrichment() > 0);
  CHECK(Graph(store).derived_edges().empty());
  enrich(store, at(120));
  CHECK(store.marked_for_enrichment() == 0);
  const std::string instance = uri("ModelInstance", "ranking-model-v5-20XX0101");
  const std::string test = uri("ABTest", "12345");
  const Graph graph(store);
  CHECK(graph.derived_edges() == std::vector<DerivedEdge>{{instance, "associatedAbTest", test}});
  CHECK(graph.answer("ab-tests", instance) == std::vector<std::string>{test});
  CHECK(graph.answer("models", test) == std::vector<std::string>{instance});
  CHECK(store.life_cycle(instance) == LifeCycle::enriched);
  CHECK(store.last_enriched(instance) == at(120));
  CHECK(store.counts().edges == 1);
  CHECK(Graph::as_of(store, at(119)).answer("ab-tests", instance).empty());
  const auto reports = store.take_reports();
  REQUIRE(reports.back().edges.size() == 1);
  CHECK(reports.back().edges[0].added);
}

TEST_CASE("a derived edge goes when a fact under it goes, and the past keeps it") {
  Store store({}, example_schema());
  put_worked_example(store, at(1));
  enrich(store, at(2));
  put(store,
      {with(entity("PipelineRun", "train-weekly-ranking-20XX0101"), {number("version", 2)}), {}},
      at(3));
  CHECK(Graph(store).derived_edges().size() == 1);
  enrich(store, at(4));
  CHECK(Graph(store).derived_edges().empty());
  CHECK(store.counts().edges == 0);
  CHECK(Graph::as_of(store, at(3)).derived_edges().size() == 1);
}

TEST_CASE("an entity that its source no longer has is a tombstone with its parts and a history") {
  Store store({}, example_schema());
  put_worked_example(store, at(1));
  enrich(store, at(2));
  store.take_reports();
  const std::string test = uri("ABTest", "12345");
  CHECK(remove(store, test, at(3)));
  CHECK(store.life_cycle(test) == LifeCycle::deleted);
  CHECK(store.life_cycle(uri("ABTestCell", "12345:2")) == LifeCycle::deleted);
  const auto reports = store.take_reports();
  CHECK_FALSE(reports.back().documents[0].live);
  CHECK(reports.back().documents[0].facts == 0);
  CHECK_FALSE(remove(store, test, at(4)));
  enrich(store, at(5));
  CHECK(Graph(store).derived_edges().empty());
  CHECK(Graph::as_of(store, at(2)).facts(test).size() == 8);
  CHECK(store.known("ABTest").empty());
}

TEST_CASE("a part that its document no longer delivers is dropped") {
  Store store({}, example_schema());
  put_worked_example(store, at(1));
  store.take_reports();
  const Document fewer{
      with(entity("ABTest", "12345"), {number("version", 2), text("name", "Ranking")}),
      {with(entity("ABTestCell", "12345:2"), {reference("ab_test", "ABTest", "12345")})}};
  CHECK(put(store, fewer, at(2)));
  CHECK(store.life_cycle(uri("ABTestCell", "12345:1")) == LifeCycle::deleted);
  const auto facts = Graph(store).facts(uri("ABTest", "12345"));
  CHECK(facts.size() == 3);
  CHECK(store.take_reports().back().documents[0].facts == sum_of(facts));
}

TEST_CASE("a transaction that is rolled back leaves no trace") {
  Store store({}, example_schema());
  put(store, dataset("d", 1, "clicks"), at(1));
  const auto digest = store.digest();
  store.begin(at(2), {});
  store.put(dataset("d", 2, "views"), at(2));
  store.put({with(entity("Feature", "f"), {reference("datasets", "Dataset", "new")}), {}}, at(2));
  store.rollback();
  CHECK(store.digest() == digest);
  CHECK_FALSE(store.life_cycle(uri("Dataset", "new")).has_value());
  CHECK(store.counts().transactions == 1);
  put(store, {with(entity("Feature", "f"), {reference("datasets", "Dataset", "new")}), {}}, at(3));
  CHECK(store.stubs(5).size() == 1);
}

TEST_CASE("what was verified and enriched in a branch is forgotten with it") {
  Store store({}, example_schema());
  const std::string d = uri("Dataset", "d");
  put(store, dataset("d", 1, "clicks"), at(1));
  enrich(store, at(2));
  CHECK(store.last_verified(d) == at(1));
  CHECK(store.last_enriched(d) == at(2));
  store.savepoint();
  put(store, dataset("d", 2, "clicks"), at(3));
  enrich(store, at(4));
  CHECK(store.last_verified(d) == at(3));
  CHECK(store.last_enriched(d) == at(4));
  store.rollback_to_savepoint();
  CHECK(store.last_verified(d) == at(1));
  CHECK(store.last_enriched(d) == at(2));
}

TEST_CASE("savepoints nest and branches give what a fresh store gives") {
  Store store({}, example_schema());
  put_worked_example(store, at(1));
  enrich(store, at(2));
  const auto digest = store.digest();
  const auto datoms = store.counts().datoms;
  store.savepoint();
  remove(store, uri("ABTest", "12345"), at(3));
  store.savepoint();
  enrich(store, at(4));
  CHECK(Graph(store).derived_edges().empty());
  store.rollback_to_savepoint();
  CHECK(Graph(store).derived_edges().size() == 1);
  store.rollback_to_savepoint();
  CHECK(store.digest() == digest);
  CHECK(store.counts().datoms == datoms);
  store.savepoint();
  put(store, dataset("d", 1, "clicks"), at(3));
  store.release_savepoint();
  CHECK(store.digest() != digest);
}

TEST_CASE("a file store opens again with its schema and all it held") {
  const rehearse::test::TemporaryFolder folder;
  const std::string path = (folder.path() / "graph.db").string();
  std::uint64_t digest = 0;
  {
    Store store({path, true, 2}, example_schema());
    put_worked_example(store, at(1));
    enrich(store, at(2));
    digest = store.digest();
  }
  {
    Store reopened(path);
    CHECK(reopened.digest() == digest);
    CHECK(reopened.counts().edges == 1);
    CHECK(Graph(reopened).answer("models", uri("ABTest", "12345")).size() == 1);
  }
  Schema other = example_schema();
  other.rules.pop_back();
  CHECK_THROWS_AS(Store({path}, other), InputError);
  CHECK_THROWS_AS(Store((folder.path() / "absent.db").string()), InputError);
  std::ofstream(folder.path() / "text.db") << std::string(5000, 'x');
  CHECK_THROWS_AS(Store((folder.path() / "text.db").string()), InputError);
}

TEST_CASE("a store that was emptied holds nothing of what was in the file") {
  const rehearse::test::TemporaryFolder folder;
  StoreOptions options;
  options.path = (folder.path() / "g.db").string();
  const auto write = [&](const std::string& copy) {
    empty_store(options.path);
    Store store(options, example_schema());
    CHECK(store.counts().transactions == 0);
    put(store, dataset("d", 1, "clicks"), at(1));
    store.copy_to((folder.path() / copy).string());
    CHECK_THROWS_WITH(empty_store(options.path), Catch::Contains("in use"));
  };
  write("first.db");
  write("second.db");
  CHECK(content((folder.path() / "first.db").string()) ==
        content((folder.path() / "second.db").string()));
  CHECK(Store(options.path).counts().transactions == 1);
  const std::string other = (folder.path() / "other.db").string();
  SQLite::Database(other, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec("CREATE TABLE t(x)");
  CHECK_THROWS_WITH(empty_store(other), Catch::Contains("not a graph store"));
}

TEST_CASE("copies of stores made by the same calls have the same bytes") {
  const rehearse::test::TemporaryFolder folder;
  std::string first;
  for (const char* name : {"a.db", "b.db"}) {
    Store store({}, example_schema());
    put_worked_example(store, at(1));
    enrich(store, at(2));
    const std::string path = (folder.path() / name).string();
    store.copy_to(path);
    CHECK_THROWS_AS(store.copy_to(path), InputError);
    put(store, dataset("d", 1, "after the copy"), at(3));
    if (first.empty()) first = content(path);
    CHECK(content(path) == first);
    CHECK(Store(path).counts().edges == 1);
  }
}

TEST_CASE("a part that a document names twice is one part, and one that it names no more goes") {
  Store store({}, example_schema());
  const auto test_of = [](const std::vector<std::string>& cells) {
    Document document{with(entity("ABTest", "t"), {number("version", 1)}), {}};
    for (const std::string& id : cells) {
      document.parts.push_back(with(entity("ABTestCell", id), {text("name", "cell " + id)}));
    }
    return document;
  };
  put(store, test_of({"1", "2", "1", "3"}), at(1));
  CHECK(store.counts().entities == 4);
  put(store, test_of({"3", "2"}), at(2));
  CHECK(store.counts().entities == 3);
  CHECK(Graph(store).live_documents() == std::vector{uri("ABTest", "t")});
  put(store, test_of({"3", "2", "3", "2"}), at(3));
  CHECK(store.counts().entities == 3);
}

TEST_CASE("dead letters are kept and counted") {
  Store store({}, example_schema());
  store.begin(at(1), {});
  store.dead_letter({EventId{7}, SourceIndex{0}, at(1), "not JSON", std::string("\0{'", 3)});
  store.commit();
  CHECK(store.counts().dead_letters == 1);
}

TEST_CASE("enrichment in small batches reaches what one pass reaches") {
  Store whole({}, example_schema());
  Store parts({}, example_schema());
  for (Store* store : {&whole, &parts}) put_worked_example(*store, at(1));
  enrich(whole, at(2));
  for (int i = 0; parts.marked_for_enrichment() > 0; ++i) {
    REQUIRE(i < 100);
    parts.begin(at(2), {CauseKind::enrichment, {}, {}});
    CHECK(parts.enrich(1).entities <= 1);
    parts.commit();
  }
  CHECK(parts.digest() == whole.digest());
}

}  // namespace rehearse::mds
