// The exhaustive search: what it counts, finds and says when it is cut.
#include "explore/search/exhaustive.hpp"

#include <catch2/catch.hpp>

#include "explore/tell/trial.hpp"
#include "setups.hpp"

using namespace rehearse;
using namespace rehearse::explore;

namespace {

/// A run and the test that it was for, in three changes.
Setup small_world(const std::string& explore) {
  return test::explore_setup(R"({
  "sources": {
    "experimentation": { "script": [
      { "at": "1s", "op": "create", "type": "ABTest", "id": "1", "cells": [ { "cell_number": 1 } ] } ] },
    "pipeline-orchestrator": { "script": [
      { "at": "2s", "op": "create", "type": "PipelineRun", "id": "r", "refs": { "ab_test_cells": ["1:1"] } },
      { "at": "3s", "op": "update", "type": "PipelineRun", "id": "r" } ] }
  }, "explore": )" + explore +
                             "}");
}

Exhaustive search(const Setup& setup, const ExhaustiveOptions& options = {}) {
  const ScriptedTruth truth(setup);
  return explore_all(setup, truth, options);
}

}  // namespace

TEST_CASE("every schedule of a small world is explored and ends in the truth") {
  const Setup setup = small_world(R"({"drops": 1, "duplicates": 1, "failures": 1, "crashes": 1})");
  const ScriptedTruth truth(setup);
  const Exhaustive all = explore_all(setup, truth, {});
  CHECK(all.complete);
  for (const auto& [property, example] : all.violations) {
    for (const Choice& choice : example.schedule) UNSCOPED_INFO(text_of(choice));
    FAIL_CHECK(example.violation.what);
  }
  CHECK(all.digests == std::set<std::uint64_t>{truth.final_digest()});
  CHECK(all.states > 1000);
  CHECK(all.schedules.count > 1'000'000);
}

TEST_CASE("the worked example holds with a round of reconciliation at any time", "[long]") {
  for (const char* faults : {R"("drops": 1, "failures": 1)", R"("duplicates": 1)"}) {
    INFO(faults);
    const Setup setup =
        test::worked_example(R"({"reconciliation": "any", )" + std::string(faults) + "}");
    const ScriptedTruth truth(setup);
    const Exhaustive all = explore_all(setup, truth, {});
    CHECK(all.complete);
    CHECK(all.violations.empty());
    CHECK(all.digests == std::set<std::uint64_t>{truth.final_digest()});
  }
}

TEST_CASE("what is counted does not depend on the number of jobs") {
  const Setup setup = small_world(R"({"drops": 1, "failures": 1, "reconciliation": "none"})");
  ExhaustiveOptions options;
  const Exhaustive one = search(setup, options);
  options.jobs = 3;
  const Exhaustive three = search(setup, options);
  CHECK(one.states == three.states);
  CHECK(one.steps == three.steps);
  CHECK(one.schedules.text() == three.schedules.text());
  CHECK(one.longest == three.longest);
  CHECK(one.digests == three.digests);
  CHECK(one.violating_steps == three.violating_steps);
  REQUIRE(one.violations.count(Property::p2) == 1);
  CHECK(one.violations.at(Property::p2).schedule == three.violations.at(Property::p2).schedule);
}

TEST_CASE("the loss of a last event is found and its schedule violates P2 when it is run again") {
  const Setup setup = small_world(R"({"drops": 1, "reconciliation": "none"})");
  const ScriptedTruth truth(setup);
  const Exhaustive all = explore_all(setup, truth, {});
  REQUIRE(all.violations.count(Property::p2) == 1);
  CHECK(all.violations.count(Property::p1) == 0);
  const Counterexample& example = all.violations.at(Property::p2);
  TrialOptions strict;
  strict.strict = true;
  const Trial trial = run_trial(setup, truth, example.schedule, strict);
  CHECK(trial.violates(Property::p2));
  CHECK(trial.taken == example.schedule);
}

TEST_CASE("a search that is cut says why") {
  const Setup setup = test::worked_example(R"({"duplicates": 1, "crashes": 1})");
  ExhaustiveOptions options;
  options.memory_bytes = 4'000'000;
  const Exhaustive memory = search(setup, options);
  CHECK_FALSE(memory.complete);
  CHECK(memory.cut == "the memory was used up");
  CHECK(memory.states > 1000);
  options.memory_bytes = 0;
  options.budget_seconds = 0.05;
  const Exhaustive time = search(setup, options);
  CHECK_FALSE(time.complete);
  CHECK(time.cut == "the time was up");
}
