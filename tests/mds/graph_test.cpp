#include "mds/graph/graph.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "mds/graph/quality.hpp"
#include "store_fixture.hpp"

namespace rehearse::mds {
namespace {

using namespace test;
using Uris = std::vector<std::string>;

constexpr Time at(std::int64_t seconds) { return Time{seconds * 1'000'000'000}; }
const std::string kInstance = uri("ModelInstance", "ranking-model-v5-20XX0101");
const std::string kTest = uri("ABTest", "12345");

// A model with two instances, the second made from a feature on a dataset that a pipeline writes.
void put_models(Store& store) {
  put_worked_example(store, at(1));
  put(store, {with(entity("Dataset", "clicks"), {reference("producer", "Pipeline", "etl")}), {}},
      at(2));
  put(store, {with(entity("Dataset", "raw"), {text("name", "raw")}), {}}, at(2));
  put(store, {with(entity("Pipeline", "etl"), {reference("inputs", "Dataset", "raw")}), {}}, at(2));
  put(store, {with(entity("Feature", "f"), {reference("datasets", "Dataset", "clicks")}), {}},
      at(2));
  put(store,
      {with(entity("User", "carol"), {text("status", "left"), reference("team", "Team", "pers")}),
       {}},
      at(2));
  put(store, {with(entity("Team", "pers"), {reference("organization", "Organization", "ml")}), {}},
      at(2));
  put(store, {with(entity("Organization", "ml"), {text("name", "ML")}), {}}, at(2));
  for (const char* id : {"a", "b"}) {
    put(store,
        {with(entity("ModelInstance", id),
              {reference("model", "Model", "m"), reference("features", "Feature", "f"),
               reference("owners", "User", "carol")}),
         {}},
        at(2));
  }
  put(store,
      {with(entity("Model", "m"), {reference("current_instance", "ModelInstance", "a")}), {}},
      at(3));
  put(store,
      {with(entity("Model", "m"), {reference("current_instance", "ModelInstance", "b")}), {}},
      at(4));
  enrich(store, at(5));
}

Uris uris(const std::vector<EntitySummary>& entities) {
  Uris found;
  for (const EntitySummary& entity : entities) found.push_back(entity.uri);
  return found;
}

}  // namespace

TEST_CASE("lineage runs up to the data and down to the models and no further than its depth") {
  Store store({}, example_schema());
  put_models(store);
  const Graph graph(store);
  CHECK(graph.answer("upstream", uri("ModelInstance", "b")) ==
        Uris{uri("Dataset", "clicks"), uri("Dataset", "raw"), uri("Feature", "f"),
             uri("Pipeline", "etl")});
  CHECK(graph.answer("upstream", kTest) ==
        Uris{kInstance, uri("PipelineRun", "train-weekly-ranking-20XX0101")});
  const auto near = graph.lineage(uri("Dataset", "raw"), Direction::downstream, 2);
  REQUIRE(near.size() == 2);
  CHECK(near[0].entity.uri == uri("Pipeline", "etl"));
  CHECK(near[1].depth == 2);
  CHECK(uris(graph.data_dependencies(uri("Pipeline", "etl"))) == Uris{uri("Dataset", "raw")});
  CHECK_THROWS_AS(graph.answer("upstraem", kTest), InputError);
}

TEST_CASE("tests that run, owners who are there, and models in production are told from others") {
  Store store({}, example_schema());
  put_models(store);
  const Graph graph(store);
  const auto put_test = [&](const char* status, std::int64_t when) {
    put(store,
        {with(entity("ABTest", "12345"), {text("status", status)}),
         {with(entity("ABTestCell", "12345:2"), {reference("ab_test", "ABTest", "12345")})}},
        at(when));
    enrich(store, at(when));
  };
  put_test("PAUSED", 6);
  CHECK(graph.answer("ab-tests", kInstance) == Uris{kTest});
  CHECK(graph.answer("active-ab-tests", kInstance).empty());
  put_test("ACTIVE", 7);
  CHECK(graph.answer("active-ab-tests", kInstance) == Uris{kTest});

  put(store, {with(entity("User", "dave"), {text("status", "active")}), {}}, at(7));
  put(store, {with(entity("User", "erin"), {}), {}}, at(7));
  store.begin(at(8), {});
  store.remove(uri("User", "erin"), at(8));
  store.commit();
  put(store,
      {with(entity("Dataset", "raw"),
            {reference("owners", "User", "carol"), reference("owners", "User", "dave"),
             reference("owners", "User", "erin"), reference("owners", "User", "nobody")}),
       {}},
      at(8));
  CHECK(graph.answer("owners", uri("Dataset", "raw")) == Uris{uri("User", "dave")});

  CHECK(graph.answer("consumers", uri("Feature", "f")) == Uris{uri("Model", "m")});
  put(store, {with(entity("Model", "m"), {}), {}}, at(9));
  CHECK(graph.answer("consumers", uri("Feature", "f")).empty());
  CHECK(Graph::as_of(store, at(8)).answer("consumers", uri("Feature", "f")) ==
        Uris{uri("Model", "m")});
}

TEST_CASE("the impact of a change names models and owners and their teams") {
  Store store({}, example_schema());
  put_models(store);
  const Impact impact = Graph(store).impact(uri("Dataset", "raw"));
  CHECK(uris(impact.models) ==
        Uris{uri("ModelInstance", "a"), uri("ModelInstance", "b"), uri("Model", "m")});
  REQUIRE(impact.owners.size() == 1);
  CHECK(impact.owners[0].entity.uri == uri("User", "carol"));
  CHECK(impact.owners[0].left);
  CHECK(uris(impact.teams) == Uris{uri("Organization", "ml"), uri("Team", "pers")});
}

TEST_CASE("a model shows its current instance and siblings and deployments") {
  Store store({}, example_schema());
  put_models(store);
  const ModelPage page = Graph(store).model(uri("ModelInstance", "a"));
  CHECK(uris(page.current) == Uris{uri("ModelInstance", "b")});
  CHECK(page.instances.size() == 2);
  REQUIRE(page.deployments.size() == 2);
  CHECK(page.deployments[0].instance == uri("ModelInstance", "a"));
  CHECK(page.deployments[0].from == at(3));
  CHECK(page.deployments[0].until == at(4));
  CHECK_FALSE(page.deployments[1].until.has_value());
  CHECK(uris(Graph::as_of(store, at(3)).model(uri("Model", "m")).current) ==
        Uris{uri("ModelInstance", "a")});
}

TEST_CASE("neighbours have relations in both directions with inverse names for derived edges") {
  Store store({}, example_schema());
  put_worked_example(store, at(1));
  enrich(store, at(2));
  const auto around = Graph(store).neighbours(kTest);
  REQUIRE(around.size() == 3);
  CHECK(around[0].relation == "associatedModelInstance");
  CHECK(around[0].derived);
  CHECK_FALSE(around[0].outgoing);
  CHECK(around[0].entity.uri == kInstance);
  CHECK(around[0].entity.last_enriched == at(2));
  CHECK(around[1].relation == "belongsTo");
}

TEST_CASE("a derived edge names the path and the facts it rests on") {
  Store store({}, example_schema());
  put_worked_example(store, at(1));
  enrich(store, at(2));
  const auto provenance = Graph(store).provenance(kInstance);
  REQUIRE(provenance.size() == 1);
  const std::string run = uri("PipelineRun", "train-weekly-ranking-20XX0101");
  const std::string cell = uri("ABTestCell", "12345:2");
  CHECK(provenance[0].edge == DerivedEdge{kInstance, "associatedAbTest", kTest});
  CHECK(provenance[0].path == Uris{kInstance, run, cell, kTest});
  CHECK(provenance[0].facts == std::vector<StoredFact>{{kInstance, "pipeline_run", run},
                                                       {run, "ab_test_cells", cell},
                                                       {cell, "ab_test", kTest}});
}

TEST_CASE("history lists what was asserted and retracted with its time and cause") {
  Store store({}, example_schema());
  store.begin(at(1), {CauseKind::event, EventId{7}, RequestId{3}});
  store.put({with(entity("Dataset", "d"), {text("name", "old"), number("version", 1)}), {}}, at(1));
  store.commit();
  put(store, {with(entity("Dataset", "d"), {text("name", "new"), number("version", 1)}), {}},
      at(2));
  remove(store, uri("Dataset", "d"), at(3));
  const auto history = Graph(store).history(uri("Dataset", "d"));
  REQUIRE(history.size() == 6);
  CHECK(history[0].cause.event == EventId{7});
  CHECK(history[0].cause.request == RequestId{3});
  CHECK(history[2].text == "old");
  CHECK_FALSE(history[2].added);
  CHECK(history[3].text == "new");
  CHECK(history[3].at == at(2));
  CHECK_FALSE(history[5].added);
  CHECK(Graph::as_of(store, at(1)).history(uri("Dataset", "d")).size() == 2);
  CHECK(Graph::as_of(store, at(2)).facts(uri("Dataset", "d")).front().text == "new");
  CHECK(Graph(store).entity(uri("Dataset", "d"))->life == LifeCycle::deleted);
  CHECK(Graph::as_of(store, at(2)).entity(uri("Dataset", "d"))->life != LifeCycle::deleted);
}

TEST_CASE("two entities are joined by a shortest path") {
  Store store({}, example_schema());
  put_models(store);
  const auto path = Graph(store).path(uri("ModelInstance", "a"), uri("Dataset", "raw"));
  REQUIRE(path.size() == 3);
  CHECK(path[0].relation == "trainedOnDataset");
  CHECK(path[0].entity.uri == uri("Dataset", "clicks"));
  CHECK(path[2].entity.uri == uri("Dataset", "raw"));
  CHECK(Graph(store).path(kTest, uri("Dataset", "raw")).empty());
}

TEST_CASE("models that share features come by how many they share") {
  Store store({}, example_schema());
  put_models(store);
  const auto sharing = Graph(store).models_sharing({uri("Feature", "f"), uri("Feature", "none")});
  REQUIRE(sharing.size() == 2);
  CHECK(sharing[0].model.uri == uri("ModelInstance", "a"));
  CHECK(sharing[0].shared == 1);
}

TEST_CASE("what nothing is made from is unused") {
  Store store({}, example_schema());
  put_models(store);
  CHECK(uris(Graph(store).unused()) == Uris{uri("ModelInstance", "a")});
}

TEST_CASE("the quality report finds missing owners and text and dangling or old entities") {
  Store store({}, example_schema());
  put_models(store);
  const QualityReport report = quality(Graph(store), at(2));
  CHECK(uris(report.owner_left) == Uris{uri("ModelInstance", "a"), uri("ModelInstance", "b")});
  CHECK(uris(report.unverified) ==
        Uris{kTest, kInstance, uri("PipelineRun", "train-weekly-ranking-20XX0101")});
  CHECK(report.unresolved.size() == 2);
  CHECK(report.without_owner.size() == 7);
  CHECK(report.without_description.size() == 10);
}

}  // namespace rehearse::mds
