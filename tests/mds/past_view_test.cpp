// The past is what the present was: every answer about an entity, as of the time of a transaction,
// equals what the current view said right after that transaction.
#include <catch2/catch.hpp>
#include <iostream>
#include <map>
#include <random>

#include "mds/graph/graph.hpp"
#include "stats/random.hpp"
#include "store_fixture.hpp"

namespace rehearse::mds {
namespace {

using namespace test;

constexpr Time at(std::int64_t seconds) { return Time{seconds * 1'000'000'000}; }
constexpr int kThings = 4;

std::string show(const std::optional<Time>& time) {
  return time ? std::to_string(time->ns) : std::string("never");
}

std::string show(const Graph& graph, const std::string& uri) {
  const auto entity = graph.entity(uri);
  if (!entity) return "unknown";
  std::string text = entity->name + " " + std::to_string(static_cast<int>(entity->life)) + " " +
                     show(entity->last_verified) + " " + show(entity->last_enriched);
  for (const StoredFact& fact : graph.facts(uri)) text += " " + fact.attribute + "=" + fact.text;
  for (const Neighbour& n : graph.neighbours(uri)) text += " " + n.relation + ">" + n.entity.uri;
  return text;
}

std::vector<std::string> all_uris() {
  std::vector<std::string> uris;
  for (int i = 0; i < kThings; ++i) {
    for (const char* type : {"ModelInstance", "PipelineRun", "ABTestCell", "ABTest", "Dataset"}) {
      uris.push_back(uri(type, std::string(type) + std::to_string(i)));
    }
  }
  return uris;
}

class Edits {
 public:
  Edits(Store& store, std::uint64_t seed) : store_(store), random_(seed, 0, "past-view") {}

  /// One transaction at a time of its own.
  void step(Time when) {
    switch (random_.below(6)) {
      case 0:
        store_.begin(when, {CauseKind::enrichment, {}, {}});
        store_.enrich(1 + random_.below(3));
        store_.commit();
        break;
      case 1:
        enrich(store_, when);
        break;
      case 2:
        remove(store_, uri("ModelInstance", id("ModelInstance")), when);
        break;
      case 3:
        put(store_, test_document(), when);
        break;
      case 4:
        put(store_,
            {with(entity("PipelineRun", id("PipelineRun")),
                  {number("version", version()),
                   reference("ab_test_cells", "ABTestCell", id("ABTestCell"))}),
             {}},
            when);
        break;
      default:
        put(store_,
            {with(entity("ModelInstance", id("ModelInstance")),
                  {text("name", "m" + std::to_string(random_.below(2))),
                   reference("pipeline_run", "PipelineRun", id("PipelineRun"))}),
             {}},
            when);
    }
  }

 private:
  std::string id(const std::string& type) { return type + std::to_string(random_.below(kThings)); }
  std::int64_t version() { return static_cast<std::int64_t>(random_.below(3)); }
  Document test_document() {
    const std::string number_of_test = std::to_string(random_.below(kThings));
    const std::string test = "ABTest" + number_of_test;
    const std::string cell = "ABTestCell" + number_of_test;
    return {with(entity("ABTest", test), {number("version", version())}),
            {with(entity("ABTestCell", cell), {reference("ab_test", "ABTest", test)})}};
  }

  Store& store_;
  stats::Stream random_;
};

}  // namespace

TEST_CASE("the graph as of any transaction is what the current view said then") {
  const char* given = std::getenv("REHEARSE_SEED");
  const std::uint64_t first = given != nullptr ? std::stoull(given) : std::random_device{}();
  std::cout << "REHEARSE_SEED=" << first << " replays this run" << std::endl;
  const std::vector<std::string> uris = all_uris();
  for (std::uint64_t seed = first; seed < first + 20; ++seed) {
    Store store({}, example_schema());
    Edits edits(store, seed);
    std::vector<std::map<std::string, std::string>> said;
    for (std::int64_t step = 1; step <= 40; ++step) {
      edits.step(at(step));
      said.emplace_back();
      for (const std::string& uri : uris) said.back()[uri] = show(Graph(store), uri);
    }
    for (std::size_t step = 1; step <= said.size(); ++step) {
      const Graph past = Graph::as_of(store, at(static_cast<std::int64_t>(step)));
      for (const auto& [uri, text] : said[step - 1]) {
        INFO("seed " << seed << ", step " << step << ", " << uri);
        REQUIRE(show(past, uri) == text);
      }
    }
  }
}

TEST_CASE("an entity that came after the last pass is not enriched, whatever the pass says") {
  Store store({}, example_schema());
  put(store, {with(entity("Dataset", "d"), {text("name", "clicks")}), {}}, at(1));
  enrich(store, at(2));
  put(store, {with(entity("Dataset", "e"), {reference("producer", "Pipeline", "p")}), {}}, at(3));
  for (const Graph& graph : {Graph(store), Graph::as_of(store, at(3))}) {
    CHECK(graph.entity(uri("Dataset", "d"))->last_enriched == at(2));
    CHECK(graph.entity(uri("Dataset", "e"))->life == LifeCycle::hydrated);
    CHECK_FALSE(graph.entity(uri("Dataset", "e"))->last_enriched.has_value());
    CHECK_FALSE(graph.entity(uri("Pipeline", "p"))->last_enriched.has_value());
  }
  enrich(store, at(4));
  CHECK(Graph(store).entity(uri("Dataset", "e"))->last_enriched == at(4));
  CHECK_FALSE(Graph::as_of(store, at(3)).entity(uri("Dataset", "e"))->last_enriched.has_value());
}

}  // namespace rehearse::mds
