#include "world/content.hpp"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>

#include "contents.hpp"

using namespace rehearse;
using namespace rehearse::world;
using namespace rehearse::test;
using Catch::Contains;
using nlohmann::json;

namespace {

const char* const kArticle = R"({
  "identity": { "entities": [ { "type": "User", "id": "alice" } ] },
  "pipeline-orchestrator": {
    "entities": [ { "type": "Pipeline", "id": "weekly-ranking-trainer" } ],
    "script": [ { "at": "1m", "op": "create", "type": "PipelineRun",
      "id": "train-weekly-ranking-20XX0101",
      "refs": { "pipeline": "weekly-ranking-trainer", "ab_test_cells": ["12345:2"] } } ] },
  "model-registry": {
    "script": [ { "at": "30s", "op": "create", "type": "ModelInstance",
      "id": "ranking-model-v5-20XX0101", "owners": ["alice"], "tags": ["team::personalization"],
      "refs": { "pipeline_run": "train-weekly-ranking-20XX0101" } } ] },
  "experimentation": {
    "script": [ { "at": "2m", "op": "create", "type": "ABTest", "id": "12345",
      "fields": { "name": "Ranking Model v5 vs v4", "status": "ACTIVE" },
      "cells": [ { "cell_number": 1, "name": "control_ranking_v4" },
                 { "cell_number": 2, "name": "treatment_ranking_v5" } ] } ] }
})";

std::string content_error(const std::string& text) {
  return error_of([&] { parse_timeline(text); });
}

std::string dataset_error(const std::string& section) {
  return content_error(R"({"datasets": {)" + section + "}}");
}

}  // namespace

TEST_CASE("a script tells the article's story, in the order of time") {
  World world = shipped_world();
  populate(world, parse_contents(kArticle));
  REQUIRE(world.count("User") == 1);
  const auto operations = parse_timeline(kArticle);
  REQUIRE(operations.size() == 3);
  REQUIRE(operations[0].operation.id == "ranking-model-v5-20XX0101");
  for (const auto& timed : operations) REQUIRE(world.apply(timed.operation, timed.at));
  const auto body = world.get(source_index(world, "model-registry"),
                              "/api/v1/instances/ranking-model-v5-20XX0101", at_second(999));
  const json payload = json::parse(body.body);
  REQUIRE(payload["owner_emails"] == json({"alice@netflix.com"}));
  REQUIRE(payload["labels"] == json::parse(R"([{"key":"team","value":"personalization"}])"));
  REQUIRE(payload["created_at"] == 30000);
  const auto run = world.get(source_index(world, "pipeline-orchestrator"),
                             "/api/v1/pipeline-runs/train-weekly-ranking-20XX0101", at_second(999));
  REQUIRE(json::parse(run.body)["ab_test_cells"][0]["cell_name"] == "treatment_ranking_v5");
}

TEST_CASE("generated ids of a type go on counting over its groups") {
  const std::string text = R"({"model-registry": {"entities": [
    {"type": "ModelInstance", "count": 2}, {"type": "Model", "count": 2},
    {"type": "ModelInstance", "count": 1, "fields": {"state": "released"}},
    {"type": "ModelInstance", "id": "own"}]}})";
  World world = shipped_world();
  populate(world, parse_contents(text));
  REQUIRE(world.id_at("ModelInstance", 0) == "model-instance-000000");
  REQUIRE(world.id_at("ModelInstance", 2) == "model-instance-000002");
  REQUIRE(world.id_at("ModelInstance", 3) == "own");
  REQUIRE(world.id_at("Model", 1) == "model-000001");
  REQUIRE(generated_count(parse_contents(text), "model-registry", "ModelInstance") == 3);
  REQUIRE(generated_id("ABTest", 1234567) == "ab-test-1234567");
  REQUIRE(is_generated_id("ABTest", "ab-test-1234567"));
  REQUIRE_FALSE(is_generated_id("ABTest", "ab-test-0234567"));
  REQUIRE_FALSE(is_generated_id("ABTest", "ab-test-12345"));
  REQUIRE_FALSE(is_generated_id("Model", "model-instance-000001"));
}

namespace {

/// The chance of each to be among three that are drawn by weight, one after the other, none twice.
std::vector<double> chance_of_three(const std::vector<double>& weights) {
  const std::size_t n = weights.size();
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  std::vector<double> chances(n);
  for (std::size_t i = 0; i < n; ++i) {
    const double first = weights[i] / sum;
    chances[i] += first;
    for (std::size_t j = 0; j < n; ++j) {
      if (j == i) continue;
      const double second = first * weights[j] / (sum - weights[i]);
      chances[j] += second;
      for (std::size_t k = 0; k < n; ++k) {
        if (k == i || k == j) continue;
        chances[k] += second * weights[k] / (sum - weights[i] - weights[j]);
      }
    }
  }
  return chances;
}

/// Of 20 000 entities with three of 100 datasets each. The sum of squares has the mean 97 and, as
/// if the hundred were independent, a deviation of 14.
void check_hits(const std::map<std::string, int>& hits, const std::vector<double>& weights) {
  const std::vector<double> chances = chance_of_three(weights);
  double sum = 0;
  for (std::size_t i = 0; i < chances.size(); ++i) {
    const double expected = 20'000 * chances[i];
    const double off = hits.at(fmt::format("aip://dataset/datasets/dataset-{:06}", i)) - expected;
    sum += off * off / expected;
  }
  CHECK(sum < 97 + 4.5 * 14);
}

}  // namespace

TEST_CASE("picked references are distinct, spread as asked for, and the same every time") {
  const auto build = [](const std::string& pick) {
    World world = shipped_world();
    populate(world, parse_contents(R"({
      "datasets": {"entities": [{"type": "Dataset", "count": 100}]},
      "feature-store": {"entities": [{"type": "Feature", "count": 20000,
        "refs": {"datasets": {"type": "Dataset", "count": 3, "pick": ")" +
                                   pick + R"("}}}]}})"));
    std::map<std::string, int> hits;
    for (const Truth& truth : world.all()) {
      if (truth.type != "Feature") continue;
      std::set<std::string> targets;
      for (const auto& fact : world.expected_facts(truth.uri)) {
        if (fact.attribute == "datasets") targets.insert(fact.text);
      }
      REQUIRE(targets.size() == 3);
      for (const std::string& target : targets) ++hits[target];
    }
    return hits;
  };
  const auto uniform = build("uniform");
  REQUIRE(uniform == build("uniform"));
  REQUIRE(uniform.size() == 100);
  check_hits(uniform, std::vector<double>(100, 1));
  std::vector<double> weights;
  for (int rank = 1; rank <= 100; ++rank) weights.push_back(1.0 / rank);
  check_hits(build("zipf"), weights);
}

TEST_CASE("references can be picked from the cells of a population of tests") {
  World world = shipped_world();
  populate(world, parse_contents(R"({
    "experimentation": {"entities": [{"type": "ABTest", "count": 3,
      "cells": [{"cell_number": 1, "name": "control"}, {"cell_number": 2}]}]},
    "pipeline-orchestrator": {"entities": [{"type": "PipelineRun", "count": 6,
      "refs": {"ab_test_cells": {"count": 6}}}]}})"));
  REQUIRE(world.count("ABTestCell") == 6);
  const auto facts = world.expected_facts("aip://pipeline-run/orchestrator/pipeline-run-000000");
  REQUIRE(facts.size() == 2 + 6);
}

TEST_CASE("entries at equal times keep the order of sources and files") {
  const auto operations = parse_timeline(R"({
    "identity": {"script": [{"at": "5s", "op": "create", "type": "User", "id": "b"},
                            {"at": "5s", "type": "User", "id": "b"},
                            {"at": "1s", "op": "create", "type": "User", "id": "a"}]},
    "datasets": {"script": [{"at": "5s", "op": "create", "type": "Dataset", "id": "d"},
                            {"at": "6s", "op": "delete", "type": "Dataset", "id": "d"}]}})");
  std::vector<std::string> ids;
  for (const auto& timed : operations) ids.push_back(timed.operation.id);
  REQUIRE(ids == std::vector<std::string>{"a", "b", "b", "d", "d"});
  REQUIRE(operations[1].operation.op == Op::create);
  REQUIRE(operations[4].operation.op == Op::remove);
}

TEST_CASE("what a script cannot mean is refused where it stands") {
  const std::string entry = R"("script": [{"at": "1s", "op": "create", "type": "Dataset",)";
  REQUIRE_THAT(dataset_error(R"("entities": [{"type": "Datasett", "count": 1}])"),
               Contains("/datasets/entities/0/type") && Contains("did you mean Dataset?"));
  REQUIRE_THAT(dataset_error(R"("entities": [{"type": "Dataset", "count": -1}])"),
               Contains("/datasets/entities/0/count"));
  REQUIRE_THAT(dataset_error(R"("entities": [{"type": "Dataset"}])"), Contains("count"));
  REQUIRE_THAT(dataset_error(R"("entities": [{"type": "Dataset", "id": "a"},
                                             {"type": "Dataset", "id": "a"}])"),
               Contains("/datasets/entities/1") && Contains("there twice"));
  REQUIRE_THAT(dataset_error(entry + R"("id": "d", "fields": {"nam": "x"}}])"),
               Contains("/datasets/script/0/fields/nam") && Contains("did you mean name?"));
  REQUIRE_THAT(dataset_error(entry + R"("id": "d", "fields": {"name": 3}}])"),
               Contains("/datasets/script/0/fields/name"));
  REQUIRE_THAT(dataset_error(entry + R"("id": "d", "refs": {"produce": "x"}}])"),
               Contains("did you mean producer?"));
  REQUIRE_THAT(dataset_error(entry + R"("id": "d", "tags": ["team"]}])"),
               Contains("/datasets/script/0/tags/0") && Contains("KEY::VALUE"));
  REQUIRE_THAT(dataset_error(entry + R"("id": "d", "owners": ["alice@netflix.com"]}])"),
               Contains("without @netflix.com"));
  REQUIRE_THAT(dataset_error(entry + R"("id": "d", "cells": []}])"), Contains("cells"));
  REQUIRE_THAT(dataset_error(entry + R"("id": ""}])"), Contains("/datasets/script/0/id"));
  REQUIRE_THAT(dataset_error(entry + R"("id": "d"}, {"at": "2s", "op": "create",
                             "type": "Dataset", "id": "d"}])"),
               Contains("/datasets/script/1") && Contains("exists already"));
  REQUIRE_THAT(dataset_error(entry + R"("id": "ranking"}, {"at": "2s", "type": "Dataset",
                             "id": "rankin"}])"),
               Contains("/datasets/script/1") && Contains("did you mean ranking?"));
  REQUIRE_THAT(dataset_error(R"("script": [{"at": "1s", "op": "remove", "type": "Dataset",
                             "id": "d"}])"),
               Contains("delete"));
}

TEST_CASE("a script about a generated id that nothing creates is refused with the nearest") {
  const std::string text = R"("entities": [{"type": "Dataset", "count": 3}],
    "script": [{"at": "1s", "type": "Dataset", "id": "dataset-000007"}])";
  REQUIRE_THAT(dataset_error(text), Contains("/datasets/script/0") &&
                                        Contains("dataset-000007 does not exist at that time") &&
                                        Contains("did you mean dataset-00000"));
  auto contents = parse_contents("{\"datasets\": {" + text + "}}");
  Footprint growing;
  growing.add(random_creation("datasets", "Dataset"));
  REQUIRE(timeline(shipped_shapes(), contents, growing).size() == 1);
}

TEST_CASE("a reference to what nothing creates is refused unless it may dangle") {
  const auto with = [](const std::string& extra) {
    return R"({"identity": {"entities": [{"type": "User", "id": "alice"}]},
      "datasets": {"script": [{"at": "1s", "op": "create", "type": "Dataset", "id": "d",
                               "owners": ["alise"])" +
           extra + "}]}}";
  };
  REQUIRE_THAT(content_error(with("")),
               Contains("/datasets/script/0") && Contains("did you mean alice?"));
  REQUIRE(content_error(with(R"(, "may_dangle": true)")).empty());
  REQUIRE_THAT(content_error(R"({"pipeline-orchestrator": {"script": [{"at": "1s",
                 "op": "create", "type": "PipelineRun", "id": "r",
                 "refs": {"ab_test_cells": ["12345"]}}]}})"),
               Contains("/refs/ab_test_cells/0") && Contains("PARENT:NUMBER"));
  REQUIRE_THAT(content_error(R"({"datasets": {"entities": [{"type": "Dataset", "count": 2,
                 "refs": {"producer": {"count": 1}}}]}})"),
               Contains("/refs/producer") && Contains("1 of 0 entities of type Pipeline"));
  REQUIRE_THAT(content_error(R"({"datasets": {"entities": [{"type": "Dataset", "count": 2,
                 "refs": {"producer": {"type": "Model"}}}]}})"),
               Contains("/refs/producer/type") && Contains("refers to Pipeline"));
}
