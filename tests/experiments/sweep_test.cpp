// Each component is killed once at and between every two events of a small scenario. While it is
// down, safety holds; once the events are quiet, what was announced and fetched is fresh (P1);
// after one more round of reconciliation everything is (P2).
#include <fmt/format.h>

#include <any>
#include <catch2/catch.hpp>
#include <utility>

#include "stress_run.hpp"

using namespace rehearse;
using models::FaultConfig;

namespace {

// The article's example, with an entity of each kind that appears, changes and goes, on a slow bus.
// Rounds of reconciliation start at multiples of 20 s: the first whole one after the last change
// ends at 60 s.
const char* const kScenario = R"({
  "name": "sweep", "duration": "30s", "quiesce": "40s",
  "sources": {
    "model-registry": {
      "entities": [{"type": "ModelInstance", "count": 2,
                    "refs": {"pipeline_run": {"type": "PipelineRun", "count": 1}}}],
      "script": [
        {"at": "2s", "op": "create", "type": "ModelInstance", "id": "m", "refs": {"pipeline_run": "r"}},
        {"at": "9s", "op": "update", "type": "ModelInstance", "id": "m", "fields": {"state": "live"}},
        {"at": "9500ms", "op": "update", "type": "ModelInstance", "id": "m", "fields": {"state": "old"}},
        {"at": "16s", "op": "delete", "type": "ModelInstance", "id": "m"}],
      "api": {"service_time": {"constant": "150ms"}, "list": {"page_size": 2}}
    },
    "pipeline-orchestrator": {
      "entities": [{"type": "PipelineRun", "count": 2}],
      "script": [
        {"at": "1s", "op": "create", "type": "PipelineRun", "id": "r", "refs": {"ab_test_cells": ["t:1"]}},
        {"at": "12s", "op": "update", "type": "PipelineRun", "id": "r", "refs": {"ab_test_cells": ["t:2"]}}],
      "api": {"service_time": {"constant": "250ms"}, "list": {"page_size": 2}}
    },
    "experimentation": {
      "script": [
        {"at": "3s", "op": "create", "type": "ABTest", "id": "t",
         "cells": [{"cell_number": 1}, {"cell_number": 2}]},
        {"at": "14s", "op": "update", "type": "ABTest", "id": "t", "cells": [{"cell_number": 2}]}],
      "api": {"service_time": {"constant": "350ms"}, "list": {"page_size": 2}}
    }
  },
  "bus": {"kind": "KIND", "delay": {"constant": "700ms"}},
  "network": {"delay": {"constant": "30ms"}},
  "mds": {
    "hydration": {"timeout": "1s", "retry": {"attempts": 2, "base": "400ms"}, "concurrency": 2},
    "enrichment": {"every": "5s"},
    "reconciliation": {"every": "EVERY"}
  }
})";

experiments::Scenario scenario(const std::string& bus, const std::string& every) {
  std::string text = kScenario;
  text.replace(text.find("KIND"), 4, bus);
  text.replace(text.find("EVERY"), 5, every);
  return experiments::parse_scenario(config::parse(text, "sweep.json"));
}

/// Every date at which something was planned while the sources changed, and the middle between
/// each two.
std::vector<Time> moments(const experiments::Scenario& undisturbed, Time until) {
  std::vector<Time> times;
  Time before;
  for (const Time date : test::run_watched(undisturbed).dates) {
    if (date > until) break;
    if (date > before) times.push_back({before.ns + (date - before).ns / 2});
    times.push_back(date);
    before = date;
  }
  return times;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += "\n  " + line;
  return text;
}

enum class Harm { none, stale };  // what the fault may leave behind without reconciliation

/// Runs the scenario with this fault at every moment, without reconciliation and with it.
void sweep(FaultConfig fault, const std::string& name, const std::string& bus, Harm harm) {
  constexpr Duration kDown = Duration::seconds(2);
  fault.length = kDown;
  std::size_t stale = 0;
  for (const bool reconciled : {false, true}) {
    experiments::Scenario run = scenario(bus, reconciled ? "20s" : "none");
    const std::vector<Time> times = moments(run, Time{} + run.simulation.duration - kDown);
    REQUIRE(times.size() > 90);
    run.simulation.faults.push_back(fault);
    for (const Time at : times) {
      run.simulation.faults.back().at = at;
      const test::StressResult result = test::run_watched(run);
      if (!result.converged) ++stale;
      const bool good = result.violations.empty() && result.unexcused.empty() &&
                        (!reconciled || result.converged);
      if (good) continue;
      FAIL_CHECK(fmt::format("{} at {}ns for {} s, {} reconciliation", name, at.ns,
                             kDown.to_seconds(), reconciled ? "with" : "without")
                 << joined(result.violations) << joined(result.unexcused) << result.divergences);
    }
  }
  CHECK((stale > 0) == (harm == Harm::stale));
}

FaultConfig fault_on(const std::string& target, std::any effect) {
  FaultConfig fault;
  fault.target = target;
  fault.effect = std::move(effect);
  return fault;
}

FaultConfig service_fault(models::ServiceFault::Kind kind) {
  return fault_on("mds", models::ServiceFault{kind});
}

FaultConfig outage_of(const std::string& source) {
  models::SourceFault effect;
  effect.source = source;
  return fault_on("source:" + source, effect);
}

FaultConfig bus_outage(bool lost) {
  models::BusFault effect;
  effect.bus = models::kMainBus;
  effect.lost = lost;
  return fault_on(std::string("bus:") + models::kMainBus, effect);
}

using Kind = models::ServiceFault::Kind;

}  // namespace

TEST_CASE("the service may crash at and between any two events") {
  sweep(service_fault(Kind::crash), "crash", "queue", Harm::none);
}

TEST_CASE("the service may crash at and between any two events of a log") {
  sweep(service_fault(Kind::crash), "crash", "kafka", Harm::none);
}

TEST_CASE("the service may be paused at and between any two events") {
  sweep(service_fault(Kind::pause), "pause", "kafka", Harm::none);
}

TEST_CASE("the registry may go down at and between any two events") {
  sweep(outage_of("model-registry"), "outage of the registry", "queue", Harm::stale);
}

TEST_CASE("the orchestrator may go down at and between any two events") {
  sweep(outage_of("pipeline-orchestrator"), "outage of the orchestrator", "kafka", Harm::stale);
}

TEST_CASE("the experimentation platform may go down at and between any two events") {
  sweep(outage_of("experimentation"), "outage of experimentation", "queue", Harm::stale);
}

TEST_CASE("the bus may hold its events back at and between any two events") {
  sweep(bus_outage(false), "outage of the bus, held", "kafka", Harm::none);
}

TEST_CASE("the bus may lose its events at and between any two events") {
  sweep(bus_outage(true), "outage of the bus, lost", "queue", Harm::stale);
}
