#include "mds/graph/search.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "mds/graph/words.hpp"
#include "store_fixture.hpp"

namespace rehearse::mds {
namespace {

using namespace test;

constexpr Time at(std::int64_t seconds) { return Time{seconds * 1'000'000'000}; }

void put_catalogue(Store& store) {
  put_worked_example(store, at(1));
  put(store,
      {with(entity("Dataset", "clicks"),
            {text("name", "ranking"), text("description", "clicks of members"),
             reference("owners", "User", "bob"), text("tags", "team::studio")}),
       {}},
      at(2));
  put(store,
      {with(entity("Feature", "affinity"),
            {text("name", "ranking affinity"), reference("owners", "User", "bob"),
             reference("datasets", "Dataset", "clicks"), text("tags", "team::studio")}),
       {}},
      at(2));
  put(store,
      {with(entity("User", "bob"),
            {text("name", "Bob Builder"), reference("team", "Team", "studio-ml")}),
       {}},
      at(2));
  put(store,
      {with(entity("User", "alice"),
            {text("name", "Alice Liddell"), reference("team", "Team", "pers")}),
       {}},
      at(2));
  put(store, {with(entity("Team", "pers"), {text("name", "Personalization")}), {}}, at(2));
  put(store, {with(entity("Team", "studio-ml"), {text("name", "Studio")}), {}}, at(2));
  enrich(store, at(3));
}

std::vector<std::string> found(const Store& store, const std::string& query) {
  std::vector<std::string> uris;
  for (const SearchHit& hit : search(Graph(store), parse_query(query), 10)) {
    uris.push_back(hit.entity.uri);
  }
  return uris;
}

using Uris = std::vector<std::string>;
const std::string kAffinity = uri("Feature", "affinity");
const std::string kInstance = "aip://model/registry/ranking-model-v5-20XX0101";

}  // namespace

TEST_CASE("an exact name comes first in a search and then what matches best") {
  Store store({}, example_schema());
  put_catalogue(store);
  const auto hits = search(Graph(store), parse_query("Ranking"), 10);
  REQUIRE(hits.size() >= 4);
  CHECK(hits[0].entity.uri == uri("Dataset", "clicks"));
  CHECK(hits[0].tier == MatchTier::exact_name);
  CHECK(hits[0].entity.last_verified == at(2));
  CHECK(hits[0].entity.last_enriched == at(3));
  CHECK(hits[1].tier == MatchTier::words);
  put(store, {with(entity("Dataset", "d1"), {text("description", "all about kumquat")}), {}},
      at(4));
  put(store, {with(entity("Dataset", "d2"), {text("name", "kumquat feed of the day")}), {}}, at(4));
  CHECK(found(store, "kumquat") == Uris{uri("Dataset", "d2"), uri("Dataset", "d1")});
}

TEST_CASE("filters of type and owner and tag combine") {
  Store store({}, example_schema());
  put_catalogue(store);
  CHECK(found(store, "ranking type:Feature") == Uris{uri("Feature", "affinity")});
  CHECK(found(store, "tag:team=studio owner:bob type:dataset") == Uris{uri("Dataset", "clicks")});
  CHECK(found(store, "tag:team=personalization") == Uris{kInstance});
  CHECK(found(store, "owner:personalization") == Uris{kInstance});
  CHECK(found(store, "ranking owner:alice type:Feature").empty());
  CHECK_THROWS_AS(parse_query("ranking type:"), InputError);
}

TEST_CASE("searches forgive typing errors and finish words") {
  Store store({}, example_schema());
  put_catalogue(store);
  CHECK(found(store, "affin") == Uris{uri("Feature", "affinity")});
  CHECK(found(store, "afinity") == Uris{uri("Feature", "affinity")});
  CHECK(found(store, "affnitiy") == Uris{uri("Feature", "affinity")});
  CHECK(found(store, "zzzzzz").empty());
}

TEST_CASE("names of related entities are searchable and follow renames after enrichment") {
  Store store({}, example_schema());
  put_catalogue(store);
  CHECK(found(store, "vs type:ModelInstance") == Uris{kInstance});
  put(store, {with(entity("ABTest", "12345"), {text("name", "Kiwi experiment")}), {}}, at(4));
  CHECK(found(store, "kiwi type:ABTest").size() == 1);
  put(store, {with(entity("User", "bob"), {text("name", "Robert Builder")}), {}}, at(5));
  CHECK(found(store, "robert type:Dataset").empty());
  CHECK(store.marked_for_enrichment() > 0);
  enrich(store, at(6));
  CHECK(found(store, "robert type:Dataset") == Uris{uri("Dataset", "clicks")});
}

TEST_CASE("owners of what matches are counted and owners are found by name or team") {
  Store store({}, example_schema());
  put_catalogue(store);
  const auto owners = owners_of(Graph(store), parse_query("ranking"));
  REQUIRE(owners.size() == 2);
  CHECK(owners[0].owner.entity.uri == uri("User", "bob"));
  CHECK(owners[0].owned == 2);
  const auto team = find_owners(Graph(store), "studio", 10);
  REQUIRE(team.size() == 2);
  CHECK(team[0].uri == uri("Team", "studio-ml"));
  CHECK(team[1].uri == uri("User", "bob"));
}

TEST_CASE("a deleted entity leaves the index and a past search still finds it") {
  Store store({}, example_schema());
  put_catalogue(store);
  remove(store, uri("Feature", "affinity"), at(7));
  CHECK(found(store, "affinity").empty());
  const auto hits = search(Graph::as_of(store, at(6)), parse_query("afinity type:Feature"), 10);
  REQUIRE(hits.size() == 1);
  CHECK(hits[0].tier == MatchTier::typing_errors);
}

TEST_CASE("hostile search texts are only words") {
  Store store({}, example_schema());
  put_catalogue(store);
  for (const std::string query : {"\"", "a OR b", "name : x", "*", "NEAR(", "'; DROP TABLE tx", "%",
                                  "\xff\xfe", "type:ABTest \"", "{"}) {
    INFO(query);
    CHECK_NOTHROW(search(Graph(store), parse_query(query), 5));
    // What is no word says nothing beside one, and what would be an operator is a word.
    if (words_of(query).empty()) CHECK(found(store, "affinity " + query) == Uris{kAffinity});
  }
  CHECK(found(store, "affinity") == Uris{kAffinity});
  for (const std::string query : {"affinity OR zzzzzz", "affinity NOT zzzzzz", "(affinity) zzzzzz",
                                  "NEAR(affinity zzzzzz)", "affinity* zzzzzz"}) {
    INFO(query);
    CHECK(found(store, query).empty());
  }
}

}  // namespace rehearse::mds
