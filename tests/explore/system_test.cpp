// One branch: what is enabled, what steps do, and that going back is exact.
#include <catch2/catch.hpp>

#include "explore/tell/trial.hpp"
#include "setups.hpp"
#include "stats/random.hpp"

using namespace rehearse;
using namespace rehearse::explore;

namespace {

constexpr const char* kAllFaults =
    R"({"drops": 1, "duplicates": 1, "failures": 2, "crashes": 1, "reconciliation": "any"})";

Choice draw_choice(const System& system, stats::Stream& draw) {
  const auto choices = system.enabled();
  return choices[draw.below(choices.size())];
}

}  // namespace

TEST_CASE("the undisturbed schedule of the worked example ends in the truth") {
  const Setup setup = test::worked_example();
  const ScriptedTruth truth(setup);
  CHECK(truth.length() == 6);
  TrialOptions options;
  options.finish = true;
  options.record = true;
  const Trial trial = run_trial(setup, truth, {}, options);
  INFO(trial.taken.size());
  CHECK(trial.violations == std::vector<Violation>{});
  CHECK(trial.complete);
  CHECK(trial.digest == truth.final_digest());
  CHECK(trial.records.size() == trial.taken.size());
}

TEST_CASE("without reconciliation the loss of a last event violates P2") {
  const Setup setup = test::worked_example(R"({"drops": 1, "reconciliation": "none"})");
  const ScriptedTruth truth(setup);
  std::vector<Choice> schedule;
  for (std::size_t n = 1; n <= 5; ++n) schedule.push_back({Action::change, n, {}, {}, 0});
  schedule.push_back({Action::deliver, 5, {}, {}, 0});
  schedule.push_back({Action::answer, 0, "model-registry", "/api/v1/instances/v5", 0});
  schedule.push_back({Action::change, 6, {}, {}, 0});
  schedule.push_back({Action::drop, 6, {}, {}, 0});
  TrialOptions options;
  options.finish = true;
  const Trial trial = run_trial(setup, truth, schedule, options);
  CHECK(trial.violates(Property::p2));
  CHECK_FALSE(trial.violates(Property::p1));
}

TEST_CASE("going back to where a branch was pushed is exact") {
  const Setup setup = test::worked_example(kAllFaults);
  const ScriptedTruth truth(setup);
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    INFO("seed " << seed);
    stats::Stream draw(seed, 0, "back");
    System system(setup, truth);
    std::vector<Fingerprint> prints;
    while (!system.complete()) {
      prints.push_back(system.fingerprint());
      system.push();
      for (int detour = 0; detour < 3 && !system.complete(); ++detour) {
        REQUIRE(system.apply(draw_choice(system, draw)).empty());
      }
      system.pop();
      REQUIRE(system.fingerprint() == prints.back());
      system.push();
      REQUIRE(system.apply(draw_choice(system, draw)).empty());
    }
    CHECK(system.digest() == truth.final_digest());
    for (; !prints.empty(); prints.pop_back()) {
      system.pop();
      REQUIRE(system.fingerprint() == prints.back());
    }
  }
}

TEST_CASE("the same schedule gives the same fingerprint, and a step in words is that step") {
  const Setup setup = test::worked_example(kAllFaults);
  const ScriptedTruth truth(setup);
  stats::Stream draw(3, 0, "same");
  System system(setup, truth);
  std::string json;
  std::vector<Choice> taken;
  while (!system.complete()) {
    taken.push_back(draw_choice(system, draw));
    json += (json.empty() ? "[" : ",") + json_of(taken.back());
    system.apply(taken.back());
  }
  CHECK(parse_choices(config::parse(json + "]", "test")) == taken);
  TrialOptions strict;
  strict.strict = true;
  const Trial again = run_trial(setup, truth, taken, strict);
  CHECK(again.fingerprint == system.fingerprint());
  CHECK(again.complete);
}
