// A lifecycle beside the rest of its scenario.
#include <catch2/catch.hpp>

#include "experiments/explore_setup.hpp"
#include "experiments/scenario/scenario.hpp"
#include "fixtures.hpp"

using namespace rehearse;
using experiments::parse_scenario;
using experiments::Scenario;

namespace {

/// A scenario with a lifecycle of the model rec; `registry`, `runs` and `users` are what it says
/// of three of its sources.
struct Parts {
  std::string registry = {}, runs = {}, users = {}, model = {}, more = {};

  std::string text() const {
    return R"({"name": "s", "duration": "10d", "sources": {"datasets": {}, "feature-store": {},
      "experimentation": {}, "identity": {)" +
           users + R"(}, "pipeline-orchestrator": {)" + runs + R"(}, "model-registry": {)" +
           registry + R"(}}, "lifecycle": {"models": [{"name": "rec")" + model + "}]}" + more + "}";
  }
};

Scenario parsed(const Parts& parts) {
  return parse_scenario(config::parse(parts.text(), "s.json"));
}

std::string error_of(const Parts& parts) {
  try {
    parsed(parts);
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

std::vector<std::string> ids(const Scenario& scenario, const std::string& source,
                             const std::string& type) {
  std::vector<std::string> found;
  for (const world::SourceContent& content : scenario.contents) {
    if (content.source != source) continue;
    for (const world::EntityGroup& group : content.entities) {
      if (group.pattern.type == type) found.push_back(group.pattern.id);
    }
  }
  return found;
}

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("what a lifecycle begins with is part of the population") {
  const Scenario scenario = parsed({});
  CHECK(ids(scenario, "model-registry", "Model") == Ids{"rec"});
  CHECK(ids(scenario, "model-registry", "ModelInstance") == Ids{"rec-v1"});
  CHECK(ids(scenario, "pipeline-orchestrator", "Pipeline") == Ids{"train-rec"});
  CHECK(ids(scenario, "pipeline-orchestrator", "PipelineRun") == Ids{"rec-run-1"});
  CHECK(ids(scenario, "datasets", "Dataset") == Ids{"rec-training"});
  CHECK(ids(scenario, "feature-store", "Feature").size() == 8);
  CHECK(ids(scenario, "identity", "User") == Ids{"rec-owner-1", "rec-owner-2"});
  CHECK(ids(scenario, "identity", "Team") == Ids{"rec-team"});
}

TEST_CASE("a team and a feature that several models name are there once") {
  const Scenario scenario = parsed({.model = R"(, "team": "home", "features": [{"name": "age"}]},
      {"name": "search", "team": "home", "features": [{"name": "age"}, {"name": "size"}])"});
  CHECK(ids(scenario, "identity", "Team") == Ids{"home"});
  CHECK(ids(scenario, "feature-store", "Feature") == Ids{"age", "size"});
}

TEST_CASE("a lifecycle needs all six sources, and says which are missing") {
  const std::string text = R"({"name": "s", "duration": "1h", "sources": {"datasets": {}},
                               "lifecycle": {"models": [{"name": "rec"}]}})";
  CHECK_THROWS_WITH(parse_scenario(config::parse(text, "s.json")),
                    Catch::Contains("s.json:1:44: /sources") &&
                        Catch::Contains("missing: pipeline-orchestrator, model-registry, "
                                        "feature-store, experimentation, identity"));
}

TEST_CASE("nobody else creates what a lifecycle creates") {
  CHECK_THAT(error_of({.registry = R"("entities": [{"type": "Model", "id": "rec"}])"}),
             Catch::Contains("/sources/model-registry/entities/0") &&
                 Catch::Contains("the lifecycle creates Model rec"));
  CHECK_THAT(error_of({.registry = R"("entities": [{"type": "Model", "id": "rec-v2"}])"}),
             Catch::Contains("the lifecycle creates ModelInstance rec-v2"));
  CHECK_THAT(error_of({.registry = R"("script": [
               {"at": "1d", "op": "create", "type": "ModelInstance", "id": "rec-v7"}])"}),
             Catch::Contains("/sources/model-registry/script/0"));
  CHECK_THAT(error_of({.users = R"("entities": [{"type": "User", "id": "rec-owner-2"}])"}),
             Catch::Contains("/sources/identity/entities/0"));
}

TEST_CASE("nobody else deletes what a lifecycle changes, and owners may leave") {
  CHECK_THAT(error_of({.runs = R"("script": [
               {"at": "1d", "op": "delete", "type": "PipelineRun", "id": "rec-run-1"}])"}),
             Catch::Contains("/sources/pipeline-orchestrator/script/0"));
  CHECK_THAT(error_of({.registry = R"("changes": [
               {"type": "ModelInstance", "op": "delete", "rate": "1/d"}])"}),
             Catch::Contains("/sources/model-registry/changes/0"));
  const Scenario left = parsed({.users = R"("script": [
      {"at": "1d", "op": "delete", "type": "User", "id": "rec-owner-1"}])"});
  CHECK(left.timeline.size() == 1);
}

TEST_CASE("questions, scripts and faults may be about what a lifecycle has") {
  const Scenario scenario =
      parsed({.registry = R"("script": [{"at": "5d", "type": "ModelInstance", "id": "rec-v3",
                                  "fields": {"description": "noted"}}])",
              .more = R"(, "questions": [
           {"every": "1d", "ask": "models", "entity": "aip://model/registry/rec-v9"}],
         "faults": [{"at": "1d", "for": "1h", "target": "model:rec", "kind": "slow", "factor": 2}])"});
  CHECK(scenario.timeline.size() == 1);
  CHECK(scenario.simulation.faults.at(0).target == "model:rec");
}

TEST_CASE("a fault on what is not there or not built yet is refused") {
  const auto fault = [](const std::string& target) {
    return error_of({.more = R"(, "faults": [{"at": "1d", "for": "1h", "target": ")" + target +
                             R"(", "kind": "outage"}])"});
  };
  CHECK_THAT(fault("model:recs"),
             Catch::Contains("/faults/0/target") && Catch::Contains("did you mean model:rec?"));
  CHECK_THAT(fault("router"), Catch::Contains("faults on \"router\" are not built yet"));
  CHECK_THAT(fault("stream:clicks"), Catch::Contains("are not built yet"));
}

TEST_CASE("signals are late by one fault at a time") {
  const std::string delay = R"("for": "1h", "target": "signals", "kind": "delay",
                               "delay": {"constant": "1m"}})";
  CHECK_THAT(error_of({.more = R"(, "faults": [{"at": "1d", )" + delay + R"(, {"at": "24h", )" +
                               delay + "]"}),
             Catch::Contains("/faults/1: signals are late by /faults/0 then, too"));
  CHECK(error_of({.more = R"(, "faults": [{"at": "1d", )" + delay + R"(, {"at": "25h", )" + delay +
                          "]"}) == "accepted");
}

TEST_CASE("metrics are those of the lifecycle and of its models") {
  const auto expected = [](const std::string& metric) {
    return error_of({.more = R"(, "expect": [{"metric": ")" + metric + R"(", "at_most": 1}])"});
  };
  CHECK(expected("engagement.lost") == "accepted");
  CHECK(expected("model.rec.drift.missed") == "accepted");
  CHECK(expected("answers.rollback.wrong") == "accepted");
  CHECK_THAT(expected("model.recs.engagement.lost"),
             Catch::Contains("/expect/0/metric") && Catch::Contains("model.rec.engagement.lost"));
}

TEST_CASE("exploration refuses a lifecycle") {
  const Scenario scenario = parsed({});
  CHECK_THROWS_WITH(experiments::explore_setup(scenario, false),
                    Catch::Contains("/lifecycle: exploration"));
}

TEST_CASE("hints on a lifecycle are those of its scenario") {
  const Scenario scenario = parsed({.model = R"(, "traffic": {"rate": "1/s"})"});
  REQUIRE(scenario.hints.size() == 1);
  CHECK_THAT(scenario.hints.front(), Catch::Contains("/lifecycle/models/0/traffic/rate"));
}
