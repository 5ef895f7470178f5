// Versions that are taken back, with counts made up for them.
#include <algorithm>
#include <catch2/catch.hpp>

#include "driven_release.hpp"
#include "lifecycle/release_flow.hpp"

using namespace rehearse;
using namespace rehearse::lifecycle;

namespace {

using States = std::vector<std::string>;
using Outcome = CanaryDecided::Outcome;

}  // namespace

TEST_CASE("a candidate with errors is taken back, and the routers leave it") {
  Driven driven;
  driven.behaviour[2] = failing;
  driven.submit(2);
  driven.until(hours(2));
  REQUIRE(driven.flow.production() == 1);
  REQUIRE(driven.states("rec-v2") == States{"CANDIDATE", "CANARY", "ROLLED_BACK"});
  REQUIRE(driven.rollbacks.size() == 1);
  const RollbackSeen& rollback = driven.rollbacks[0];
  REQUIRE(rollback.begun.procedure == "canary-failure");
  REQUIRE(rollback.begun.triggered - rollback.begun.onset >= Duration::hours(1));
  REQUIRE(rollback.recovered);
  REQUIRE_FALSE(rollback.late());
  REQUIRE(decided(driven.facts, Outcome::failed) == 1);
  REQUIRE_FALSE(driven.flow.line().token("v2").rolling_back_since());
  REQUIRE_FALSE(driven.flow.routes().serves(2, *rollback.recovered));
}

TEST_CASE("a rollback is late when a router is slow") {
  ReleaseSettings settings;
  settings.routing.propagation = stats::Distribution::constant(Duration::minutes(6));
  Driven driven(settings);
  driven.behaviour[2] = failing;
  driven.submit(2);
  driven.until(hours(2));
  REQUIRE(driven.rollbacks.at(0).late());
  REQUIRE(driven.rollbacks[0].recovery() == Duration::minutes(6));
}

TEST_CASE("errors in production bring the version before back, and quarantine the other") {
  Driven driven;
  driven.submit(2);
  driven.until(hours(6));
  driven.behaviour[2] = failing;
  const Time onset = driven.now;
  driven.until(onset + Duration::minutes(30));
  REQUIRE(driven.flow.production() == 1);
  REQUIRE(driven.flow.line().quarantined("v2"));
  REQUIRE(driven.states("rec-v2").back() == "QUARANTINED");
  REQUIRE(driven.states("rec-v1") == States{"RETIRED", "PRODUCTION"});
  REQUIRE(driven.states("rec") == States{"rec-v2", "rec-v1"});
  const RollbackSeen& rollback = driven.rollbacks.at(0);
  REQUIRE(rollback.begun.procedure == "serving-errors");
  REQUIRE(rollback.begun.triggered <=
          onset + Duration::minutes(7));  // a thousand requests, at 150 a minute
  REQUIRE_FALSE(rollback.late());
}

TEST_CASE("a canary whose baseline is rolled back ends, and the next one begins after that") {
  Driven driven;
  driven.submit(2);
  driven.until(hours(6));
  driven.submit(3);
  driven.until(hours(7));
  REQUIRE(driven.flow.under_way() == 3);
  driven.behaviour[2] = failing;
  driven.submit(4);
  driven.until(hours(8));
  REQUIRE(driven.flow.production() == 1);
  REQUIRE(decided(driven.facts, Outcome::ended) == 1);
  REQUIRE(driven.token(3) == rollout::State::rollback);
  REQUIRE(driven.flow.under_way() == 4);
  driven.until(hours(13));
  REQUIRE(driven.flow.production() == 4);
}

TEST_CASE("without a version to return to a rollback is refused and counted once") {
  Driven driven;
  driven.behaviour[1] = failing;
  driven.until(hours(2));
  REQUIRE(driven.flow.production() == 1);
  REQUIRE(facts_of<RollbackRefused>(driven.facts).size() == 1);
  REQUIRE(driven.rollbacks.empty());
}

TEST_CASE("a drop of engagement is rolled back when a person confirms it") {
  for (const double approves : {1.0, 0.0}) {
    ReleaseSettings settings;
    settings.person.approves = approves;
    Driven driven(settings);
    for (int day = 1; day <= 4; ++day) {
      driven.until(hours(24 * day));
      driven.flow.midnight(100'000, 20'000, driven.now);
    }
    driven.submit(2);
    driven.until(hours(120));
    REQUIRE(driven.flow.production() == 2);
    driven.flow.midnight(100'000, 19'000, driven.now);
    driven.until(hours(144));
    driven.flow.midnight(100'000, 17'000, driven.now);
    REQUIRE(driven.token(2) == rollout::State::degraded_mode);
    driven.until(hours(147));
    CAPTURE(approves);
    REQUIRE(facts_of<PersonAsked>(driven.facts).size() == 1);
    REQUIRE(driven.flow.production() == (approves == 1 ? 1 : 2));
    if (approves == 1) {
      const RollbackSeen& rollback = driven.rollbacks.at(0);
      REQUIRE(rollback.begun.procedure == "engagement-drop");
      REQUIRE(rollback.begun.triggered == hours(144));  // before the person confirmed
      REQUIRE_FALSE(rollback.late());
      REQUIRE(driven.flow.line().quarantined("v2"));
    } else {
      REQUIRE(driven.token(2) == rollout::State::production);
    }
  }
}

TEST_CASE("a version that is not kept warm is loaded again once it has drained") {
  ReleaseSettings settings;
  settings.keep_warm = 0;
  settings.routing.load = stats::Distribution::constant(Duration::minutes(7));
  settings.routing.propagation = stats::Distribution::constant(Duration::seconds(10));
  settings.routing.drain = Duration::minutes(30);
  const auto recovery = [&](Duration drain, int keep_warm) {
    settings.routing.drain = drain;
    settings.keep_warm = keep_warm;
    Driven driven(settings);
    driven.submit(2);
    driven.until(hours(4.25));
    REQUIRE(driven.flow.production() == 2);
    driven.behaviour[2] = failing;
    driven.until(hours(5));
    return driven.rollbacks.at(0).recovery();
  };
  const Duration applied = Duration::seconds(10), load = Duration::minutes(7);
  REQUIRE(recovery(Duration::minutes(2), 0) == load + applied);
  REQUIRE(recovery(Duration::minutes(30), 0) == applied);
  REQUIRE(recovery(Duration::minutes(2), 1) == applied);
}
