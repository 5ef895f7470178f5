// That the ways to explore say the same: what is drawn violates nothing that the exhaustive search
// does not report, every counterexample runs again as it says, and its critical step is that of its
// own property.
#include <catch2/catch.hpp>
#include <string>

#include "explore/sampling/sampling.hpp"
#include "explore/search/exhaustive.hpp"
#include "explore/tell/schedule_file.hpp"
#include "explore/tell/shrink.hpp"
#include "random_setups.hpp"
#include "setups.hpp"

using namespace rehearse;
using namespace rehearse::explore;

namespace {

constexpr std::uint64_t kSchedules = 20;  // that a search draws

/// The second event is answered by what the first one's call has left in the cache.
Setup cached_answers() {
  return test::explore_setup(R"({"sources": {"model-registry": {"script": [
    {"at": "1s", "op": "create", "type": "Model", "id": "ranking", "fields": {"name": "first"}},
    {"at": "2s", "op": "update", "type": "Model", "id": "ranking", "fields": {"name": "second"}}]}},
    "mds": {"hydration": {"cache_ttl": "5m"}}})");
}

void check_runs_again(const Setup& setup, const Shrunk& example) {
  const Replay again = replay(setup, config::parse(schedule_text(example), "schedule.json"));
  CHECK(again.exact);
  CHECK(again.shown == example.violation);
}

void check_draws(const Setup& setup, const ScriptedTruth& truth, const Exhaustive& all,
                 std::uint64_t searches) {
  for (const Method method : {Method::random, Method::pct}) {
    for (std::uint64_t seed = 1; seed <= searches; ++seed) {
      SamplingOptions options;
      options.method = method;
      options.seed = seed;
      options.schedules = kSchedules;
      const Sampled drawn = sample(setup, truth, options);
      if (!drawn.first) continue;
      const Violation& found = drawn.first->violation;
      INFO((method == Method::pct ? "pct" : "random")
           << ", seed " << seed << ": " << name_of(found.property));
      CHECK(all.violations.count(found.property) == 1);
      if (seed == 1) check_runs_again(setup, shrink(setup, drawn.first->schedule, found.property));
    }
  }
}

void check_agreement(std::uint64_t seed, std::uint64_t searches) {
  INFO("seed " << seed);
  const std::string rounds[] = {"none", "at-quiescence", "any"};
  const Setup setup = test::random_setup(seed, 2 + seed % 2, seed % 3, rounds[seed % 3]);
  const ScriptedTruth truth(setup);
  const Exhaustive all = explore_all(setup, truth, {});
  REQUIRE(all.complete);
  for (const auto& [property, example] : all.violations) {
    INFO(name_of(property));
    check_runs_again(setup, shrink(setup, example.schedule, property));
  }
  check_draws(setup, truth, all, searches);
}

}  // namespace

TEST_CASE("a schedule that violates something itself is no measure for the order of others") {
  const Setup setup = cached_answers();
  const ScriptedTruth truth(setup);
  REQUIRE(undisturbed(setup, truth).violates(Property::p1));
  CHECK_FALSE(undisturbed_digest(setup, truth));
  const Exhaustive all = explore_all(setup, truth, {});
  CHECK(all.violations.count(Property::p1) == 1);
  CHECK(all.violations.count(Property::order) == 0);
  check_draws(setup, truth, all, 20);
}

TEST_CASE("a critical step is that of the counterexample's own property") {
  const Setup setup = cached_answers();
  const ScriptedTruth truth(setup);
  const Exhaustive all = explore_all(setup, truth, {});
  const Shrunk example = shrink(setup, all.violations.at(Property::p1).schedule, Property::p1);
  // Both changes before the first call: the cache then holds what is true.
  std::vector<Choice> right = {{Action::change, 1, {}, {}, 0},
                               {Action::change, 2, {}, {}, 0},
                               {Action::deliver, 1, {}, {}, 0},
                               {Action::answer, 0, "model-registry", "/api/v1/models/ranking", 0},
                               {Action::deliver, 2, {}, {}, 0},
                               {Action::close, 0, {}, {}, 0}};
  const Trial trial = example.excerpt->run(right);
  CHECK(trial.complete);
  CHECK(trial.violations.empty());
  REQUIRE(example.critical);
  CHECK(*example.critical > 0);
}

TEST_CASE("on random worlds nothing is drawn that the exhaustive search does not report") {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) check_agreement(seed, 3);
}

TEST_CASE("on 200 random worlds nothing is drawn that the exhaustive search does not report",
          "[long]") {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) check_agreement(seed, 20);
}
