// Settings that break an invariant: it is counted, and what comes of it can be seen.
#include <algorithm>
#include <catch2/catch.hpp>

#include "deed_words.hpp"
#include "facts_of.hpp"
#include "lifecycle/lifecycle.hpp"
#include "trained_model.hpp"

using namespace rehearse;
using namespace rehearse::lifecycle;

namespace {

Time hours(double count) { return Time{} + Duration::from_seconds(3600 * count); }

ModelSettings scheduled_model() {
  ModelSettings settings;
  settings.world = pinned_world();
  settings.training.every = Duration::hours(6);
  settings.training.cap = {1, Duration::days(30)};
  settings.training.job.duration = stats::Distribution::constant(Duration::hours(1));
  return settings;
}

/// Deeds with their times, and facts; nothing is under audit.
struct Unsafe {
  explicit Unsafe(const ModelSettings& settings) : life({{settings}, 8, {}}, 1, 0) {
    life.take_deeds();
  }

  void until(Time end) {
    while (life.next_wakeup() <= end) {
      const Time now = life.next_wakeup();
      life.advance(now);
      for (Deed& deed : life.take_deeds()) deeds.emplace_back(now, std::move(deed));
      for (Fact& fact : life.take_facts()) facts.push_back(std::move(fact));
    }
  }
  Time time_of(const std::string& words) const {
    const auto found = std::find_if(deeds.begin(), deeds.end(),
                                    [&](const auto& one) { return in_words(one.second) == words; });
    REQUIRE(found != deeds.end());
    return found->first;
  }
  std::vector<std::string> violations() const {
    std::vector<std::string> all;
    for (const Violated& one : facts_of<Violated>(facts)) {
      all.push_back(one.invariant + ": " + one.what);
    }
    return all;
  }

  Lifecycle life;
  std::vector<std::pair<Time, Deed>> deeds;
  Facts facts;
};

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("a promotion in two steps leaves two versions in production for the gap") {
  ModelSettings settings = scheduled_model();
  settings.release.promotion = Promotion::two_step;
  Unsafe run(settings);
  run.until(hours(15));
  const Time promoted = run.time_of("update ModelInstance rec-v2 state=PRODUCTION");
  REQUIRE(run.time_of("update Model rec current_instance=rec-v2") == promoted);
  REQUIRE(run.time_of("update ModelInstance rec-v1 state=RETIRED") ==
          promoted + Duration::seconds(30));
  REQUIRE(run.violations() == Words{"I1: the registry shows v1 and v2 in production"});
}

TEST_CASE("the second step retires a version that has come back meanwhile") {
  ModelSettings settings = scheduled_model();
  settings.release.promotion = Promotion::two_step;
  settings.release.gap = Duration::hours(1);
  settings.defects = {{2, Crash{0.2, stats::Distribution::constant(Duration::minutes(10))}}};
  Unsafe run(settings);
  run.until(hours(15));
  REQUIRE(run.life.model(0).flow().production() == 1);
  const Time back = run.time_of("update ModelInstance rec-v1 state=PRODUCTION");
  REQUIRE(run.time_of("update ModelInstance rec-v1 state=RETIRED") > back);
  REQUIRE(run.violations().back() == "I1: the registry retires v1, which serves");
}

TEST_CASE("an atomic promotion breaks nothing") {
  Unsafe run(scheduled_model());
  run.until(hours(15));
  REQUIRE(run.time_of("update ModelInstance rec-v1 state=RETIRED") ==
          run.time_of("update ModelInstance rec-v2 state=PRODUCTION"));
  REQUIRE(run.violations().empty());
}

TEST_CASE("a canary that passes without data is counted") {
  ModelSettings settings = scheduled_model();
  settings.release.canary.no_data = NoData::pass;
  Unsafe run(settings);
  Conditions blind;
  blind.unmeasured = {Role::baseline, Role::canary};
  run.life.conditions(blind, Time{});
  run.until(hours(15));
  REQUIRE(run.life.model(0).flow().production() == 2);
  REQUIRE(run.violations() == Words{"I3: v2 passes its canary without data"});
}

TEST_CASE("where a new version restarts the analysis, the verdict on the other never comes") {
  ModelSettings settings = scheduled_model();
  settings.training.every = Duration::hours(2);
  settings.training.cap = {100, Duration::days(30)};
  settings.defects = {{0, Crash{0.05, {}}, 1}};
  settings.release.canary.look = Duration::hours(3);
  settings.release.canary.lasts = Duration::hours(3);
  Unsafe waiting(settings);
  waiting.until(hours(48));
  REQUIRE(waiting.violations().empty());
  REQUIRE(decided(waiting.facts, CanaryDecided::Outcome::failed) >= 5);

  settings.release.on_new_version = OnNewVersion::restart;
  Unsafe restarting(settings);
  restarting.until(hours(48));
  REQUIRE(decided(restarting.facts, CanaryDecided::Outcome::failed) == 0);
  const auto violations = restarting.violations();
  REQUIRE(violations.size() >= 20);
  REQUIRE(violations[0] == "I2: the analysis of v2 is forgotten for v3");
  // Nobody took the first one back: the registry shows it as a canary for ever.
  Words states;
  for (const auto& [at, deed] : restarting.deeds) {
    if (deed.id == "rec-v2") states.push_back(deed.fields.at(0).second);
  }
  REQUIRE(states == Words{"CANDIDATE", "CANARY"});
}

TEST_CASE("where a new version restarts, a rollback that waits or runs is forgotten") {
  ModelSettings settings = scheduled_model();
  settings.training.every = Duration::hours(2);
  settings.training.cap = {100, Duration::days(30)};
  settings.defects = {{0, Crash{0.05, {}}, 1}};
  settings.release.on_new_version = OnNewVersion::restart;
  settings.release.canary.look = settings.release.canary.lasts = Duration::minutes(30);
  settings.release.routing.propagation = stats::Distribution::constant(Duration::hours(1));
  Unsafe run(settings);
  run.until(hours(24));
  const auto violations = run.violations();
  REQUIRE(std::count_if(violations.begin(), violations.end(), [](const std::string& one) {
            return one.find("the rollback of") != std::string::npos;
          }) > 0);
  REQUIRE(facts_of<RollbackRecovered>(run.facts).size() <
          facts_of<RollbackTriggered>(run.facts).size());
}

TEST_CASE("a share of the versions has a defect, each by its own draw") {
  ModelSettings settings = scheduled_model();
  settings.training.every = Duration::hours(3);
  settings.training.cap = {1000, Duration::days(30)};
  settings.training.job.duration = stats::Distribution::constant(Duration::minutes(10));
  settings.release.canary.lasts = settings.release.canary.look = Duration::minutes(20);
  settings.defects = {{0, Crash{0.1, {}}, 0.3}};
  const auto crashing = [&](std::uint64_t seed) {
    Lifecycle life({{settings}, 8, {}}, seed, 0);
    while (life.next_wakeup() <= hours(24 * 20)) life.advance(life.next_wakeup());
    std::pair<int, int> count;
    for (const auto& [version, counts] : life.model(0).traffic().by_version()) {
      ++count.second;
      count.first += life.model(0).flow().version(version).artefact.errors > 0.05 ? 1 : 0;
    }
    return count;
  };
  const auto [bad, all] = crashing(1);
  REQUIRE(all > 120);
  const double share = double(bad) / all;
  CHECK(std::abs(share - 0.3) < 4 * std::sqrt(0.3 * 0.7 / all));
}
