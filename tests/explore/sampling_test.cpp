#include "explore/sampling/sampling.hpp"

#include <catch2/catch.hpp>

#include "explore/tell/trial.hpp"
#include "setups.hpp"

using namespace rehearse;
using namespace rehearse::explore;

namespace {

Setup unguarded() {
  return test::explore_setup(R"({"sources": {"model-registry": {"script": [
    {"at": "1s", "op": "create", "type": "Model", "id": "ranking", "fields": {"name": "first"}},
    {"at": "2s", "op": "update", "type": "Model", "id": "ranking", "fields": {"name": "second"}}]}},
    "mds": {"hydration": {"coalescing": "unguarded"}}})");
}

Sampled drawn(const Setup& setup, Method method, std::uint64_t schedules, std::size_t jobs = 1) {
  const ScriptedTruth truth(setup);
  SamplingOptions options;
  options.method = method;
  options.schedules = schedules;
  options.jobs = jobs;
  options.seed = 7;
  return sample(setup, truth, options);
}

}  // namespace

TEST_CASE("schedules drawn at random find an unsafe setting, and replay to the same violation") {
  const Setup setup = unguarded();
  for (const Method method : {Method::random, Method::pct}) {
    const Sampled found = drawn(setup, method, 2000);
    REQUIRE(found.first);
    CHECK(found.violating == 1);
    CHECK(found.schedules == found.first->number + 1);
    const ScriptedTruth truth(setup);
    const Trial trial = run_trial(setup, truth, found.first->schedule);
    REQUIRE_FALSE(trial.violations.empty());
    CHECK(trial.taken == found.first->schedule);
    CHECK(trial.violations.front() == found.first->violation);
  }
}

TEST_CASE("what is drawn does not depend on the number of threads") {
  const Setup broken = unguarded();
  const Setup sound = test::worked_example(
      R"({"drops": 1, "duplicates": 1, "failures": 1, "crashes": 1, "reconciliation": "any"})");
  for (const Method method : {Method::random, Method::pct}) {
    for (const Setup* setup : {&broken, &sound}) {
      const Sampled one = drawn(*setup, method, 100);
      const Sampled three = drawn(*setup, method, 100, 3);
      CHECK(one.schedules == three.schedules);
      CHECK(one.steps == three.steps);
      CHECK(one.longest == three.longest);
      CHECK(one.digests == three.digests);
      CHECK(one.phantoms == three.phantoms);
      REQUIRE(one.first.has_value() == three.first.has_value());
      if (one.first) CHECK(one.first->schedule == three.first->schedule);
      if (method == Method::pct) CHECK(one.guarantee->width == three.guarantee->width);
    }
  }
}

TEST_CASE("the worked example holds in schedules drawn with all kinds of faults") {
  const Setup setup = test::worked_example(
      R"({"drops": 1, "duplicates": 1, "failures": 1, "crashes": 1, "reconciliation": "any"})");
  for (const Method method : {Method::random, Method::pct}) {
    const Sampled found = drawn(setup, method, 150);
    if (found.first) {
      std::string schedule;
      for (const Choice& choice : found.first->schedule) schedule += text_of(choice) + "\n";
      FAIL(found.first->violation.what << "\n" << schedule);
    }
    CHECK(found.schedules == 150);
    CHECK(found.digests.size() == 1);
  }
}
