#include "experiments/scenario/scenario.hpp"

#include <catch2/catch.hpp>
#include <filesystem>

#include "fixtures.hpp"

using namespace rehearse;
using experiments::load_scenario;
using experiments::parse_scenario;
using experiments::Scenario;

namespace {

Scenario parsed(const std::string& text) { return parse_scenario(config::parse(text, "s.json")); }

// A small scenario with some members more.
std::string with(const std::string& members) {
  return R"({"name": "s", "duration": "1h", "sources": {"datasets": {}}, )" + members + "}";
}

std::string error_of(const std::string& text) {
  try {
    parsed(text);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("every scenario that ships can be loaded, but for a trace that must be named") {
  for (const auto& entry : std::filesystem::directory_iterator(test::source_path("scenarios"))) {
    const std::string file = entry.path().filename().string();
    if (entry.path().extension() != ".json" || file == "scenario.schema.json") continue;
    INFO(file);
    if (file == "gpu-cluster-trace.json") {
      CHECK_THROWS_WITH(load_scenario(entry.path()), Catch::Contains("cannot be read"));
      continue;
    }
    CHECK(load_scenario(entry.path()).name + ".json" == file);
  }
}

TEST_CASE("what a scenario leaves out has the documented default") {
  const Scenario scenario = parsed(with(R"("description": "small")"));
  CHECK(scenario.name == "s");
  CHECK(scenario.description == "small");
  CHECK(scenario.warmup == Duration{});
  CHECK(scenario.simulation.acceptable_staleness == Duration::minutes(10));
  CHECK(scenario.simulation.seed == 1);
  CHECK(scenario.simulation.duration == Duration::hours(1));
  CHECK(scenario.simulation.quiesce == Duration{});
  CHECK_FALSE(scenario.simulation.cold);
  CHECK(scenario.simulation.sources.at(0).bus == "main");
  CHECK(scenario.simulation.buses.count("main") == 1);
  CHECK(scenario.simulation.faults.empty());
  CHECK(scenario.simulation.service.enrichment.every == Duration::minutes(2));
  CHECK(scenario.simulation.service.rules.size() == 3);
  CHECK(scenario.rules.find("rules")->items.size() == 3);
  CHECK(scenario.expectations.empty());
}

TEST_CASE("the seed of a scenario is also that of the service's jitter") {
  const Scenario scenario = parsed(with(R"("seed": 77)"));
  CHECK(scenario.simulation.seed == 77);
  CHECK(scenario.simulation.service.seed == 77);
}

TEST_CASE("sources keep the order of the file, everywhere") {
  const Scenario scenario = parsed(R"({"name": "s", "duration": "1h",
    "sources": {"model-registry": {"bus": "b"}, "datasets": {"bus": "a"}, "identity": {"bus": "b"}},
    "bus": {"a": {}, "b": {"kind": "kafka"}}})");
  const std::vector<std::string> names = {"model-registry", "datasets", "identity"};
  CHECK(scenario.source_names() == names);
  for (std::size_t i = 0; i < names.size(); ++i) {
    CHECK(scenario.simulation.sources.at(i).name == names[i]);
    CHECK(scenario.contents.at(i).source == names[i]);
    CHECK(scenario.simulation.service.providers.at(i).name == names[i]);
  }
  CHECK(scenario.simulation.sources[1].bus == "a");
}

TEST_CASE("scripts and traces become one timeline and the entities stay") {
  const test::TemporaryFolder folder;
  const Scenario scenario = load_scenario(test::source_path("tests/scenarios/everything.json"));
  REQUIRE_FALSE(scenario.timeline.empty());
  for (std::size_t i = 1; i < scenario.timeline.size(); ++i) {
    CHECK(scenario.timeline[i - 1].at <= scenario.timeline[i].at);
  }
  for (const auto& content : scenario.contents) {
    CHECK(content.script.empty());
    CHECK(content.traces.empty());
  }
  CHECK(scenario.contents.at(0).entities.size() == 3);
  CHECK(scenario.skipped_rows == 1);
}

TEST_CASE("changes of a trace that are due after the duration are counted") {
  const auto late = [](const std::string& duration) {
    return load_scenario(test::source_path("tests/scenarios/everything.json"),
                         {{"/duration", duration}, {"/faults", "[]"}})
        .late_rows;
  };
  CHECK(late("20m") == 0);
  CHECK(late("10m") == 1);
}

TEST_CASE("an index can be away alone only where it follows the facts") {
  const std::string fault =
      R"("faults": [{"at": "1m", "for": "1m", "target": "index", "kind": "outage"}])";
  CHECK_THAT(error_of(with(fault)), Catch::Contains("/faults/0/target"));
  CHECK(parsed(with(fault + R"(, "mds": {"index": {"mode": "after"}})")).simulation.faults.size() ==
        1);
}

TEST_CASE("random changes create what a script may name, and no others do") {
  const auto scripted = [](const std::string& changes) {
    return R"({"name": "s", "duration": "1h", "sources": {"datasets": {
      "script": [{"at": "30m", "type": "Dataset", "id": "dataset-000003"}],
      "changes": [{"type": "Dataset", "rate": "1/m", )" +
           changes + "}]}}}";
  };
  CHECK(parsed(scripted(R"("op": "create")")).timeline.size() == 1);
  CHECK_THAT(error_of(scripted(R"("op": "update")")),
             Catch::Contains("/sources/datasets/script/0"));
}

namespace {

// A scenario in which a model acts that trains, registers and tests versions of rec.
Scenario with_a_model(const std::string& members) {
  models::Declaration model;
  model.footprint.add({"model-registry", "ModelInstance", "rec-v", 1, {"pipeline_run"}, {}});
  model.footprint.add(
      {"pipeline-orchestrator", "PipelineRun", "rec-run-", 1, {"ab_test_cells"}, {}});
  model.footprint.add({"experimentation", "ABTest", "rec-test-", 1, {}, {"1", "2"}});
  model.fault_targets.push_back(
      {"router", "router", [](config::Object& section, models::FaultConfig& fault) {
         fault.effect = section.choice("kind", "outage", {"outage"});
       }});
  return parse_scenario(
      config::parse(R"({"name": "s", "duration": "1h", )" + members + "}", "s.json"), model);
}

std::string error_with_a_model(const std::string& members) {
  try {
    with_a_model(members);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

std::string sources_with(const std::string& script) {
  return R"("sources": {"model-registry": {}, "experimentation": {},
                        "pipeline-orchestrator": {"script": [)" +
         script + "]}}";
}

}  // namespace

TEST_CASE("a script may change and refer to what a model will create, and to nothing else") {
  const auto entry = [](const std::string& id, const std::string& cell) {
    return sources_with(R"({"at": "30m", "type": "PipelineRun", "id": ")" + id +
                        R"(", "refs": {"ab_test_cells": [")" + cell + R"("]}})");
  };
  CHECK(with_a_model(entry("rec-run-3", "rec-test-1:2")).timeline.size() == 1);
  CHECK_THAT(error_with_a_model(entry("rec-rum-3", "rec-test-1:2")),
             Catch::Contains("/sources/pipeline-orchestrator/script/0") &&
                 Catch::Contains("rec-rum-3 does not exist at that time; did you mean rec-run-1?"));
  CHECK_THAT(error_with_a_model(entry("rec-run-3", "rec-tests-1:2")),
             Catch::Contains("ab_test_cells refers to ABTestCell rec-tests-1:2, which nothing"));
}

TEST_CASE("questions are asked about what a model will create, its parts included") {
  const auto question = [](const std::string& uri) {
    return sources_with("") + R"(, "questions": [{"every": "10m", "ask": "ab-tests", "entity": ")" +
           uri + R"("}])";
  };
  CHECK(with_a_model(question("aip://model/registry/rec-v2")).questions.size() == 1);
  CHECK(
      with_a_model(question("aip://ab-test-cell/experimentation/rec-test-4:2")).questions.size() ==
      1);
  CHECK_THAT(error_with_a_model(question("aip://model/registry/rec-w2")),
             Catch::Contains("/questions/0/entity: nothing creates aip://model/registry/rec-w2") &&
                 Catch::Contains("did you mean aip://model/registry/rec-v1?"));
  CHECK(error_with_a_model(question("aip://ab-test-cell/experimentation/rec-test-4:3")) !=
        "accepted");
}

TEST_CASE("edges may be expected of what a model will create and refer to") {
  const std::string expected =
      sources_with("") + R"(, "expect": [{"metric": "edge.recall.final", "at_least": 0.9}])";
  CHECK(with_a_model(expected).expectations.size() == 1);
  CHECK_THAT(error_of(R"({"name": "s", "duration": "1h", )" + expected + "}"),
             Catch::Contains("no rule can derive an edge here"));
}

TEST_CASE("faults hit what a model declares, and a source that only a model changes") {
  const auto fault = [](const std::string& target, const std::string& kind) {
    return sources_with("") + R"(, "faults": [{"at": "1m", "for": "1m", "target": ")" + target +
           R"(", "kind": ")" + kind + R"("}])";
  };
  CHECK(with_a_model(fault("router", "outage")).simulation.faults.at(0).target == "router");
  CHECK(with_a_model(fault("source:model-registry", "silent")).simulation.faults.size() == 1);
  CHECK_THAT(error_with_a_model(fault("routers", "outage")),
             Catch::Contains("/faults/0/target: found \"routers\"") &&
                 Catch::Contains("did you mean router?"));
  CHECK_THAT(error_with_a_model(fault("router", "slow")), Catch::Contains("/faults/0/kind"));
}

TEST_CASE("a model whose sources the scenario does not have is refused") {
  CHECK_THAT(error_with_a_model(R"("sources": {"datasets": {}})"),
             Catch::Contains("there is no source model-registry"));
}

TEST_CASE("sources that do not ship are declared by provider files") {
  const Scenario scenario = load_scenario(test::source_path("tests/scenarios/everything.json"));
  CHECK(scenario.shapes.back().name == "prompts");
  CHECK(scenario.simulation.service.providers.back().name == "prompts");
  CHECK_THAT(error_of(R"({"name": "s", "duration": "1h", "sources": {"prompts": {}}})"),
             Catch::Contains("s.json:1:56: /sources/prompts: there is no source \"prompts\""));
}

TEST_CASE("with several buses and no main one each source names its own") {
  CHECK_THAT(error_of(with(R"("bus": {"a": {}, "b": {}})")),
             Catch::Contains("/sources/datasets: there are several buses"));
  CHECK(parsed(with(R"("bus": {"main": {}, "b": {}})")).simulation.sources[0].bus == "main");
  CHECK(parsed(with(R"("bus": {"only": {}})")).simulation.sources[0].bus == "only");
}

TEST_CASE("times that do not fit into the run are refused") {
  CHECK_THAT(error_of(with(R"("warmup": "1h")")),
             Catch::Contains("/warmup: found \"1h\"; the warm-up ends before the duration"));
  CHECK_THAT(error_of(with(R"("questions": [
               {"every": "2h", "ask": "impact", "entity": "aip://dataset/datasets/d"}])")),
             Catch::Contains("/questions/0/every: found \"2h\""));
  CHECK_THAT(error_of(with(R"("questions": [
               {"every": "1us", "ask": "impact", "entity": "aip://dataset/datasets/d"}])")),
             Catch::Contains("at most 10000000 times"));
}

TEST_CASE("a link for a source that is not there is refused with the nearest") {
  CHECK_THAT(error_of(with(R"("network": {"links": {
               "dataset": {"latency": "1ms", "bandwidth": "1MB/s"}}})")),
             Catch::Contains("/network/links/dataset: there is no source \"dataset\"") &&
                 Catch::Contains("did you mean datasets?"));
}

TEST_CASE("a name is one line of reasonable length") {
  CHECK_THAT(error_of(R"({"name": "", "duration": "1h", "sources": {"datasets": {}}})"),
             Catch::Contains("/name: found \"\""));
  CHECK(error_of(R"({"name": "a\nb", "duration": "1h", "sources": {"datasets": {}}})") !=
        "accepted");
}

TEST_CASE("what exploration may do is read, and a wrong word is told with the nearest right one") {
  const Scenario scenario =
      parsed(with(R"("explore": {"drops": 2, "reconciliation": "any", "ignore": ["P1"]})"));
  CHECK(scenario.explore.drops == 2);
  CHECK(scenario.explore.reconciliation == explore::Reconciliation::any);
  CHECK_FALSE(scenario.explore.checks(explore::Property::p1));
  CHECK_THAT(error_of(with(R"("explore": {"drop": 1})")), Catch::Contains("drops"));
  CHECK_THAT(error_of(with(R"("explore": {"ignore": ["P3"]})")),
             Catch::Contains("/explore/ignore/0"));
}
