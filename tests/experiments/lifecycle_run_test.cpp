// A lifecycle in a run: what is done becomes events of the sources, what is asked is answered by
// the graph of that moment, and what goes wrong reaches the operations.
#include <catch2/catch.hpp>

#include "lifecycle_rig.hpp"

using namespace rehearse;
using test::LifecycleRig;

namespace {

using Lines = std::vector<std::string>;

/// The model rec, whose relation turns on day 10, so that it is trained again on day 13; `model`
/// and `more` are further members of the model and of the scenario.
std::string turning(const std::string& model = "", const std::string& more = "") {
  return test::lifecycle_scenario(R"("duration": "30d", "quiesce": "1h", "lifecycle": {"models": [
      {"name": "rec", "relation": {"weights": [0.6, -0.9, 0.4, 0.5, -0.3, 0.45, -0.55, 0.35]},
       "monitors": ["mdl-rec-concept"],
       "drifts": [{"at": "10d", "kind": "sudden", "of": "concept", "rotate": 45}])" +
                                  model + "}]}" + more);
}

const std::string kCrash =
    R"(, "defects": [{"kind": "crash", "version": 2, "errors": 0.05, "after": {"constant": "6h"}}])";

std::string id_of_pointer(const LifecycleRig& rig, std::size_t model = 0) {
  const lifecycle::ModelLife& life = rig.host.lifecycle().model(model);
  return lifecycle::instance_id(life.name(), life.flow().production());
}

}  // namespace

TEST_CASE("every step of a release and of a rollback is an operation at a source, in its order") {
  LifecycleRig rig(turning(R"(, "release": {"shadow": {"for": "30m"}})" + kCrash));
  rig.run();
  Lines log = rig.log();
  for (std::string& line : log) {  // counts and scores
    if (line.starts_with("verdict")) line = line.substr(0, line.find(','));
  }
  const Lines expected = {
      "start v1: trained before the start",
      // On day 13 the third daily check in a row sees it.
      "alert v1: mdl-rec-concept: retrain",
      "signal v1: drift_detected",
      "run v2: waits for a slot",
      "step v2 production to monitoring: health-checks",
      "step v2 monitoring to drift-detected: metric-degradation",
      "step v2 drift-detected to retraining: pipeline-triggered",
      "event pipeline_run_created rec-run-2 RUNNING",
      "run v2: succeeded",
      "step v2 retraining to offline-eval: new-version-trained",
      "signal v2: model_trained",
      "event pipeline_run_updated rec-run-2 SUCCEEDED",
      "event dataset_version_created rec-training-2",
      "gate v2: passed",
      "step v2 offline-eval to candidate: metrics-pass-gates",
      "version v2: registered",
      "step v2 candidate to canary-deploy: canary-launched",
      "event model_instance_created rec-v2 CANDIDATE",
      "event model_instance_updated rec-v2 SHADOW",
      "verdict v2: passes its shadow",
      "event model_instance_updated rec-v2 CANARY",
      "step v2 canary-deploy to kayenta-analysis: collecting-metrics",
      "verdict v2: pass",
      "signal v2: canary_passed",
      "question v1: active-ab-tests rec-v1: right",
      "step v2 kayenta-analysis to production: canary-passes",
      "pointer v2 v1 to v2",
      "event model_updated rec rec-v2",
      "event model_instance_updated rec-v2 PRODUCTION",
      "event model_instance_updated rec-v1 RETIRED",
      // Six hours later its answers begin to fail.
      "alert v2: serving-errors: more errors than the rule allows",
      "step v2 production to monitoring: health-checks",
      "step v2 monitoring to degraded-mode: infrastructure-issue",
      "step v2 degraded-mode to rollback: issue-persists",
      "pointer v1 v2 to v1: serving-errors",
      "rollback v2: serving-errors begins",
      "event model_updated rec rec-v1",
      "event model_instance_updated rec-v2 QUARANTINED",
      "event model_instance_updated rec-v1 PRODUCTION",
      "question v2: active-ab-tests rec-v2: right",
      "rollback v2: serving-errors has recovered",
  };
  REQUIRE(log.size() > expected.size());
  log.resize(expected.size());
  CHECK(log == expected);
}

TEST_CASE("after a run the registry and the graph show what the pointer says") {
  for (const std::uint64_t seed : {1, 2, 3, 4, 5, 6}) {
    INFO("seed " << seed);
    // Some events are lost; what repairs the graph is reconciliation while nothing changes.
    LifecycleRig rig(turning(kCrash, R"(, "bus": {"drop": 0.2}, "seed": )" + std::to_string(seed) +
                                         R"(, "mds": {"reconciliation": {"every": "30m"}})"));
    rig.run();
    const std::string production = id_of_pointer(rig);
    CHECK(rig.in_production("rec") == Lines{production});
    for (const auto& value : {rig.truth("aip://model/registry/rec", "current_instance"),
                              rig.in_graph("aip://model/registry/rec", "current_instance")}) {
      CHECK(value == production);
    }
    CHECK(rig.in_graph("aip://model/registry/" + production, "state") == "PRODUCTION");
    for (const lifecycle::Record& record : rig.host.lifecycle().lineage().records()) {
      const auto chain = rig.host.lifecycle().lineage().chain(record.id);
      CHECK(lifecycle::is_origin(rig.host.lifecycle().lineage().at(chain.back()).what));
    }
  }
}

TEST_CASE("a graph begins with what a lifecycle begins with, or is told of it") {
  const std::string uri = "aip://model/registry/rec-v1";
  LifecycleRig hydrated(turning());
  CHECK(hydrated.in_graph(uri, "state") == "PRODUCTION");
  CHECK(hydrated.in_graph("aip://pipeline-run/orchestrator/rec-run-1", "attempt") == "1");
  LifecycleRig cold(turning("", R"(, "bootstrap": "cold")"));
  CHECK(cold.in_graph(uri, "state").empty());
  cold.run();
  CHECK(cold.in_graph("aip://model/registry/rec-v2", "state") == "PRODUCTION");
  CHECK(cold.in_graph("aip://user/identity/rec-owner-2", "status") == "active");
}

TEST_CASE("the same seed gives the same lifecycle, whatever the service's budget") {
  LifecycleRig one(turning(kCrash)), again(turning(kCrash));
  LifecycleRig budget(turning(kCrash, R"(, "mds": {"hydration": {"budgets": {"*": {"rate": "2/h"}}},
                                                    "enrichment": {"every": "6h"}})"));
  LifecycleRig seed(turning(kCrash, R"(, "seed": 2)"));
  for (LifecycleRig* rig : {&one, &again, &budget, &seed}) rig->run();
  CHECK(one.lines == again.lines);
  CHECK(one.lines == budget.lines);
  CHECK(one.lines != seed.lines);
}

TEST_CASE("operations stop at the duration, and what is served until then is told") {
  // The canary that began on day 13 is under way at the end, which is no whole hour.
  LifecycleRig rig(test::lifecycle_scenario(
      R"("duration": "12030s", "quiesce": "2h", "lifecycle": {"models": [{"name": "rec",
         "training": {"every": "1h", "duration": {"constant": "1h"}},
         "gates": {"auc_at_least": 0, "auc_below_production": 1}}]})"));
  rig.run();
  const Time end = Time{} + Duration::hours(3) + Duration::minutes(20) + Duration::seconds(30);
  REQUIRE_FALSE(rig.served.empty());
  Time until;
  for (const lifecycle::Served& span : rig.served) {
    CHECK(span.from == until);
    until = span.until;
  }
  CHECK(until == end);
  for (const auto& [line, at] : rig.lines) CHECK(at < end);
  CHECK(rig.first("event model_instance_updated rec-v2 CANARY") < end);
  CHECK(rig.first("verdict") == Time::never());
}

TEST_CASE("faults reach the operations while they last, from their very begin on") {
  const auto fault = [](const std::string& at, const std::string& lasts, const std::string& what) {
    return R"(, "faults": [{"at": ")" + at + R"(", "for": ")" + lasts + R"(", )" + what + "}]";
  };
  const Time day_13 = Time{} + Duration::days(13);
  const auto started = "event pipeline_run_created rec-run-2";
  LifecycleRig usual(turning());
  usual.run();
  CHECK(usual.first(started) < day_13 + Duration::minutes(1));

  LifecycleRig cluster(turning("", fault("12d", "2d", R"("target": "cluster", "kind": "outage")")));
  cluster.run();
  CHECK(cluster.first(started) == Time{} + Duration::days(14));

  // The signal of the check on day 13 is sent at the date at which the fault begins.
  LifecycleRig signals(turning("", fault("13d", "3m", R"("target": "signals", "kind": "outage")")));
  signals.run();
  CHECK(signals.first("signal v1: drift_detected") == day_13);
  CHECK(signals.first(started) >= day_13 + Duration::minutes(5));

  LifecycleRig errors(
      turning("", fault("2d", "1h", R"("target": "model:rec", "kind": "errors", "rate": 0.1)")));
  errors.run();
  CHECK(errors.first("alert v1: serving-errors") <=
        Time{} + Duration::days(2) + Duration::minutes(2));

  LifecycleRig metrics(turning("", fault("13d", "1d", R"("target": "metrics", "kind": "outage")")));
  metrics.run();
  CHECK(metrics.first("pointer v2") == Time::never());
}

TEST_CASE("what operations ask is answered by the graph, and compared with the truth") {
  const std::string members = R"("duration": "16d", "lifecycle": {"models": [{"name": "rec",
      "relation": {"weights": [0.6, -0.9, 0.4, 0.5, -0.3, 0.45, -0.55, 0.35]},
      "monitors": ["mdl-rec-concept"],
      "drifts": [{"at": "10d", "kind": "sudden", "of": "concept", "rotate": 45}]}]})";
  const std::string text = R"({"name": "s", "sources": {"identity": {}, "datasets": {},
      "feature-store": {}, "model-registry": {},
      "experimentation": {"script": [{"at": "1d", "op": "create", "type": "ABTest", "id": "77",
        "fields": {"status": "ACTIVE"}, "cells": [{"cell_number": 2}]}]},
      "pipeline-orchestrator": {"script": [{"at": "1d", "type": "PipelineRun", "id": "rec-run-1",
        "refs": {"ab_test_cells": ["77:2"]}}]}}, )";
  for (const bool lost : {false, true}) {
    std::string whole = text;
    if (lost) whole += R"("bus": {"drop": 1}, )";
    LifecycleRig rig(whole.append(members).append("}"));
    rig.run();
    REQUIRE(rig.asked.size() == 1);
    CHECK(rig.asked[0].occasion == "canary");
    CHECK(rig.asked[0].question.entity == "aip://model/registry/rec-v1");
    const Lines missed = lost ? Lines{"aip://ab-test/experimentation/77"} : Lines{};
    CHECK(rig.asked[0].verdict.missed == missed);
    const std::string told = lost ? "missed aip://ab-test/experimentation/77" : "right";
    CHECK(rig.first("question v1: active-ab-tests rec-v1: " + told) != Time::never());
  }
}
