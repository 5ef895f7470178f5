#include "world/world.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/fact_hash.hpp"
#include "world/uri.hpp"
#include "worlds.hpp"

using namespace rehearse;
using namespace rehearse::world;
using namespace rehearse::test;
using nlohmann::json;

namespace {

std::uint64_t sum_of(const std::vector<World::ExpectedFact>& facts) {
  std::uint64_t sum = 0;
  for (const auto& fact : facts) sum += fact_hash(fact.uri, fact.attribute, fact.text);
  return sum;
}

World article() {
  World world = shipped_world();
  world.apply(create("identity", "User", "alice"), at_second(0));
  Operation test = create("experimentation", "ABTest", "12345");
  test.fields = {{"name", "Ranking Model v5 vs v4"}, {"status", "ACTIVE"}};
  test.parts = {{"1", "control_ranking_v4"}, {"2", "treatment_ranking_v5"}};
  test.replace_parts = true;
  world.apply(test, at_second(1));
  Operation run = create("pipeline-orchestrator", "PipelineRun", "train-weekly-ranking-20XX0101");
  run.refs = {{"pipeline", {"weekly-ranking-trainer"}}, {"ab_test_cells", {"12345:2"}}};
  world.apply(run, at_second(2));
  Operation instance = create("model-registry", "ModelInstance", "ranking-model-v5-20XX0101");
  instance.refs = {{"pipeline_run", {"train-weekly-ranking-20XX0101"}}, {"owners", {"alice"}}};
  instance.tags = {"team::personalization"};
  instance.replace_tags = true;
  world.apply(instance, at_second(3));
  return world;
}

json read(const World& world, const std::string& source, const std::string& path) {
  return json::parse(world.get(source_index(world, source), path, at_second(100)).body);
}

}  // namespace

TEST_CASE("the article's payloads come out as the article prints them") {
  const World world = article();
  const std::size_t registry = source_index(world, "model-registry");
  REQUIRE(world.get(registry, "/api/v1/instances/ranking-model-v5-20XX0101", at_second(9)).body ==
          R"({"id":"ranking-model-v5-20XX0101",)"
          R"("pipeline_run_id":"train-weekly-ranking-20XX0101",)"
          R"("owner_emails":["alice@netflix.com"],)"
          R"("labels":[{"key":"team","value":"personalization"}],"version":1,"created_at":3000})");
  REQUIRE(
      read(world, "pipeline-orchestrator", "/api/v1/pipeline-runs/train-weekly-ranking-20XX0101") ==
      json::parse(R"({"run_id":"train-weekly-ranking-20XX0101",
              "pipeline":"weekly-ranking-trainer","ab_test_cells":[{"test_id":"12345",
              "cell_number":2,"cell_name":"treatment_ranking_v5"}],"version":1,
              "created_at":2000})"));
  REQUIRE(read(world, "experimentation", "/api/v1/tests/12345") ==
          json::parse(R"({"test_id":"12345","name":"Ranking Model v5 vs v4","status":"ACTIVE",
              "cells":[{"cell_number":1,"name":"control_ranking_v4"},
                       {"cell_number":2,"name":"treatment_ranking_v5"}],
              "version":1,"created_at":1000})"));
}

TEST_CASE("the facts expected of a test include those of its cells") {
  const World world = article();
  const std::string test = "aip://ab-test/experimentation/12345";
  const std::string cell = "aip://ab-test-cell/experimentation/12345:2";
  const auto facts = world.expected_facts(test);
  REQUIRE(facts.size() == 4 + 3 + 3);
  const auto has = [&](const World::ExpectedFact& fact) {
    return std::find(facts.begin(), facts.end(), fact) != facts.end();
  };
  REQUIRE(has({cell, "ab_test", test}));
  REQUIRE(has({cell, "cell_number", "2"}));
  REQUIRE(has({cell, "name", "treatment_ranking_v5"}));
  REQUIRE(has({test, "version", "1"}));
  REQUIRE(std::is_sorted(facts.begin(), facts.end()));
  REQUIRE(world.find(test)->facts == sum_of(facts));
  REQUIRE_FALSE(world.find(cell));
  REQUIRE(world.count("ABTestCell") == 2);
}

TEST_CASE("a run's cell has a name only while its test has that cell") {
  World world = article();
  const std::string path = "/api/v1/pipeline-runs/train-weekly-ranking-20XX0101";
  world.apply(removal("experimentation", "ABTest", "12345"), at_second(4));
  REQUIRE_FALSE(
      read(world, "pipeline-orchestrator", path)["ab_test_cells"][0].contains("cell_name"));
  REQUIRE(world.count("ABTestCell") == 0);
  REQUIRE(world.expected_facts("aip://ab-test/experimentation/12345").empty());
}

TEST_CASE("every change raises the version, and a re-created entity goes on counting") {
  World world = shipped_world();
  const auto step = [&](Op op) {
    return world.apply(operation(op, "datasets", "Dataset", "d"), at_second(1));
  };
  REQUIRE(step(Op::create)->version == 1);
  REQUIRE(step(Op::update)->version == 2);
  REQUIRE_FALSE(step(Op::create));
  const auto removed = step(Op::remove);
  REQUIRE(removed->version == 3);
  REQUIRE(removed->facts == 0);
  REQUIRE_FALSE(step(Op::remove));
  REQUIRE_FALSE(step(Op::update));
  REQUIRE(world.get(source_index(world, "datasets"), "/api/v1/datasets/d", at_second(2)).status ==
          404);
  const auto again = step(Op::create);
  REQUIRE(again->version == 4);
  REQUIRE(again->number == 4);
  REQUIRE(again->event == R"({"event_type":"dataset_created","dataset_id":"d"})");
}

TEST_CASE("the sum of facts kept step by step equals the sum over all facts") {
  World world = article();
  Operation change = update("model-registry", "ModelInstance", "ranking-model-v5-20XX0101");
  change.fields = {{"state", "released"}, {"description", "a \"quoted\"\n text"}};
  change.refs = {{"features", {"f1", "f2", "f1", ""}}, {"owners", {}}};
  change.tags = {"env::production", "env::production", "a::b::c"};
  change.replace_tags = true;
  const auto done = world.apply(change, at_second(5));
  REQUIRE(done->facts == sum_of(world.expected_facts(done->uri)));
  change.fields = {{"state", ""}, {"description", "other"}};
  change.replace_tags = false;
  const auto more = world.apply(change, at_second(6));
  REQUIRE(more->facts == sum_of(world.expected_facts(done->uri)));
  REQUIRE(more->facts == world.find(done->uri)->facts);
  const json payload = read(world, "model-registry", "/api/v1/instances/ranking-model-v5-20XX0101");
  REQUIRE_FALSE(payload.contains("state"));
  REQUIRE_FALSE(payload.contains("owner_emails"));
  REQUIRE(payload["feature_ids"] == json({"f1", "f2"}));
  REQUIRE(payload["labels"][1] == json({{"key", "a"}, {"value", "b::c"}}));
}

TEST_CASE("ids of any bytes survive payload, path and URI") {
  World world = shipped_world();
  const std::string id = "a/b %\"\\\n\x01 \xC3\xA9?&#:@";
  world.apply(create("datasets", "Dataset", id), at_second(0));
  const std::string uri = world.uri_of("Dataset", id);
  REQUIRE(uri == "aip://dataset/datasets/a%2Fb%20%25%22%5C%0A%01%20%C3%A9%3F%26%23:@");
  REQUIRE(world.find(uri)->version == 1);
  const ApiAnswer answer = world.get(source_index(world, "datasets"),
                                     "/api/v1/datasets/" + percent_encode(id), at_second(1));
  REQUIRE(answer.status == 200);
  REQUIRE(answer.uri == uri);
  REQUIRE(json::parse(answer.body)["dataset_id"] == id);
  const auto change = world.apply(update("datasets", "Dataset", id), at_second(1));
  REQUIRE(json::parse(change->event)["dataset_id"] == id);
  REQUIRE_FALSE(world.find("aip://dataset/datasets/a%2fb%20%25%22%5C%0A%01%20%C3%A9%3F%26%23:@"));
}

TEST_CASE("an unknown path is 400 and an unknown entity 404") {
  World world = shipped_world();
  const std::size_t datasets = source_index(world, "datasets");
  const auto status = [&](const std::string& path) {
    return world.get(datasets, path, at_second(1)).status;
  };
  REQUIRE(status("/api/v1/datasets/nobody") == 404);
  REQUIRE(status("/api/v1/instances/nobody") == 400);
  REQUIRE(status("/api/v1/datasets/") == 400);
  REQUIRE(status("/api/v1/datasets/a/b") == 400);
  REQUIRE(status("/api/v1/datasets/%4") == 400);
  REQUIRE(status("/api/v1/datasets?limit=0") == 400);
  REQUIRE(status("/api/v1/datasets?size=3") == 400);
  REQUIRE(status("/api/v1/datasets?limit=3") == 200);
}

TEST_CASE("a bad operation is refused and changes nothing") {
  World world = article();
  const std::string uri = "aip://model/registry/ranking-model-v5-20XX0101";
  const std::uint64_t before = world.find(uri)->facts;
  const auto refused = [&](Operation bad, const std::string& part) {
    try {
      world.apply(bad, at_second(9));
    } catch (const InputError& error) {
      INFO(error.what());
      return std::string(error.what()).find(part) != std::string::npos;
    }
    return false;
  };
  Operation bad = update("model-registry", "ModelInstance", "ranking-model-v5-20XX0101");
  bad.fields = {{"name", "good"}, {"stat", "x"}};
  REQUIRE(refused(bad, "did you mean state?"));
  bad.fields = {{"state", std::int64_t{3}}};
  REQUIRE(refused(bad, "must be a string"));
  bad.fields = {{"name", "good"}};
  bad.refs = {{"pipelinerun", {"x"}}};
  REQUIRE(refused(bad, "did you mean pipeline_run?"));
  bad.refs = {{"pipeline_run", {"x", "y"}}};
  REQUIRE(refused(bad, "one entity at most"));
  bad.refs.clear();
  bad.tags = {"personalization"};
  bad.replace_tags = true;
  REQUIRE(refused(bad, "KEY::VALUE"));
  REQUIRE(refused(update("model-regystry", "ModelInstance", "x"), "did you mean model-registry?"));
  REQUIRE(refused(update("model-registry", "PipelineRun", "x"), "no entities of type"));
  REQUIRE(refused(update("experimentation", "ABTestCell", "12345:1"), "no entities of type"));
  REQUIRE(refused(create("model-registry", "Model", "ranking-model-v5-20XX0101"),
                  "belongs to a ModelInstance"));
  Operation run = create("pipeline-orchestrator", "PipelineRun", "r");
  run.refs = {{"ab_test_cells", {"12345"}}};
  REQUIRE(refused(run, "PARENT:NUMBER"));
  Operation test = update("experimentation", "ABTest", "12345");
  test.replace_parts = true;
  test.parts = {{"1", "a"}, {"1", "b"}};
  REQUIRE(refused(test, "there twice"));
  test.parts = {{"01", "a"}};
  REQUIRE(refused(test, "cannot be 01"));
  REQUIRE(world.find(uri)->facts == before);
  REQUIRE(world.find(uri)->version == 1);
  REQUIRE(world.count("PipelineRun") == 1);
}

TEST_CASE("a copy of a world and its original go separate ways") {
  World world = article();
  const std::string uri = "aip://model/registry/ranking-model-v5-20XX0101";
  World copy = world;
  Operation change = update("model-registry", "ModelInstance", "ranking-model-v5-20XX0101");
  change.fields = {{"state", "released"}};
  copy.apply(change, at_second(5));
  copy.apply(create("datasets", "Dataset", "new"), at_second(6));
  copy.apply(removal("identity", "User", "alice"), at_second(6));
  REQUIRE(world.find(uri)->version == 1);
  REQUIRE(copy.find(uri)->version == 2);
  REQUIRE(world.count("Dataset") == 0);
  REQUIRE(world.count("User") == 1);
  REQUIRE(copy.count("User") == 0);
  REQUIRE(world.all().size() == 4);
  REQUIRE(copy.all().size() == 4);
  world = copy;
  REQUIRE(world.find(uri)->version == 2);
  const auto next = world.apply(change, at_second(7));
  REQUIRE(next->number == 8);
  REQUIRE(copy.find(uri)->version == 2);
}

TEST_CASE("a reference to an id of unknown type does not fix what it becomes") {
  World world = shipped_world();
  Operation model = create("model-registry", "Model", "ranking");
  model.refs = {{"current_instance", {"ranking-v5"}}};
  world.apply(model, at_second(0));
  REQUIRE(world.apply(create("model-registry", "Model", "ranking-v5"), at_second(1)));
  REQUIRE(world.find("aip://model/registry/ranking-v5")->type == "Model");
  REQUIRE(read(world, "model-registry", "/api/v1/models/ranking")["current_instance_id"] ==
          "ranking-v5");
  REQUIRE(
      world.get(source_index(world, "model-registry"), "/api/v1/instances/ranking-v5", at_second(2))
          .status == 404);
}
