#include "rollout/release_line.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "rollout/rollback.hpp"
#include "stats/random.hpp"

using namespace rehearse;
using namespace rehearse::rollout;
using Catch::Contains;

namespace {

Time at(std::int64_t seconds) { return Time{Duration::seconds(seconds).ns}; }

Procedure shipped(const std::string& name) {
  for (const Procedure& procedure : shipped_procedures()) {
    if (procedure.name == name) return procedure;
  }
  FAIL("no procedure " << name);
  return {};
}

/// A version whose canary is being looked at.
void to_canary(ReleaseLine& line, const std::string& version, Proof proof, std::int64_t now) {
  line.add(version, proof);
  for (const Event event : {Event::training_complete, Event::metrics_pass_gates,
                            Event::canary_launched, Event::collecting_metrics}) {
    REQUIRE(line.request(version, event, at(now)));
  }
}

/// A version in its test.
void to_test(ReleaseLine& line, const std::string& version, std::int64_t now) {
  to_canary(line, version, Proof::test, now);
  REQUIRE(line.request(version, Event::canary_passes, at(now)));
  REQUIRE(line.request(version, Event::experiment_configured, at(now)));
}

void promoted(ReleaseLine& line, const std::string& version, std::int64_t now) {
  to_canary(line, version, Proof::canary, now);
  REQUIRE(line.promote(version, CanaryPass{}, at(now)));
}

}  // namespace

TEST_CASE("a canary that passes moves the pointer where no test is required") {
  ReleaseLine line("v1");
  REQUIRE(line.pointer() == "v1");
  to_canary(line, "v2", Proof::canary, 1);
  REQUIRE_THROWS_WITH(line.request("v2", Event::canary_passes, at(2)), Contains("evidence"));
  REQUIRE(line.promote("v2", CanaryPass{}, at(2)));
  REQUIRE(line.pointer() == "v2");
  REQUIRE(line.version_before() == "v1");
  REQUIRE(line.token("v1").state() == State::production);  // released still
  REQUIRE(line.moves().size() == 1);
  REQUIRE(std::holds_alternative<CanaryPass>(line.moves().front().evidence));
}

TEST_CASE("a version that has to win a test is not promoted by its canary") {
  ReleaseLine line("v1");
  to_canary(line, "v2", Proof::test, 1);
  REQUIRE_THROWS_WITH(line.promote("v2", CanaryPass{}, at(2)), Contains("test"));
  REQUIRE(line.request("v2", Event::canary_passes, at(2)));
  REQUIRE(line.pointer() == "v1");
  REQUIRE_THROWS_AS(line.request("v2", Event::health_checks, at(3)), IllegalMove);
  REQUIRE(line.request("v2", Event::experiment_configured, at(3)));
  REQUIRE_THROWS_AS(line.request("v2", Event::winner_deployed, at(4)), IllegalMove);
  REQUIRE(line.promote("v2", TestWin{"t", "v1"}, at(4)));
  REQUIRE(line.pointer() == "v2");
}

TEST_CASE("a win against a version that no longer serves is stale") {
  ReleaseLine line("v1");
  to_test(line, "v2", 1);
  promoted(line, "v3", 2);
  REQUIRE_THROWS_WITH(line.promote("v2", TestWin{"t", "v1"}, at(3)), Contains("v3 serves now"));
  REQUIRE(line.token("v2").state() == State::ab_test);
  REQUIRE(line.request("v2", Event::no_winner, at(4)));
  line.rollback_finished("v2", at(5));
  REQUIRE(line.request("v2", Event::fix_and_retry, at(5)));
  REQUIRE(line.violations() == 0);
}

TEST_CASE("the win of a test that a rollback missed is taken and counted") {
  ReleaseLine line("v1");
  promoted(line, "v2", 1);
  to_test(line, "v3", 2);
  REQUIRE(line.revert({"v2", shipped("serving-errors")}, at(3)) == Revert::done);
  REQUIRE(line.promote("v3", TestWin{.test = "t", .control = "v2", .missed = true}, at(4)));
  REQUIRE(line.pointer() == "v3");
  REQUIRE(line.version_before() == "v1");
  REQUIRE(line.violations() == 1);
}

TEST_CASE("a person's approval is evidence, and a manual promotion waits for it") {
  ReleaseLine line("v1", {.manual = {Event::canary_passes}});
  to_canary(line, "v2", Proof::canary, 1);
  REQUIRE_FALSE(line.promote("v2", CanaryPass{}, at(2)));
  REQUIRE(line.pointer() == "v1");
  REQUIRE(line.token("v2").waiting_for_person() == Event::canary_passes);
  REQUIRE_THROWS_AS(line.approve("v2", at(3)), IllegalMove);
  REQUIRE(line.promote("v2", CanaryPass{.by_person = true}, at(3)));
  REQUIRE(line.pointer() == "v2");
  REQUIRE(line.token("v2").history().back().by_person);
}

TEST_CASE("a marginal canary may be declined") {
  ReleaseLine line("v1");
  to_canary(line, "v2", Proof::canary, 1);
  line.ask_person("v2", Event::canary_passes, at(2));
  line.decide("v2", Event::canary_fails, at(3));
  REQUIRE(line.token("v2").state() == State::rollback);
  REQUIRE(line.pointer() == "v1");
}

TEST_CASE("a rollback returns to the newest released version that is not quarantined") {
  ReleaseLine line("v1");
  promoted(line, "v2", 1);
  promoted(line, "v3", 2);
  REQUIRE(line.revert({"v3", shipped("serving-errors")}, at(3)) == Revert::done);
  REQUIRE(line.pointer() == "v2");
  REQUIRE(line.quarantined("v3"));
  REQUIRE(line.token("v3").rolling_back_since() == at(3));
  promoted(line, "v4", 4);
  REQUIRE(line.revert({"v4", shipped("serving-errors")}, at(5)) == Revert::done);
  REQUIRE(line.pointer() == "v2");  // not v3
  REQUIRE(line.revert({"v2", shipped("serving-errors")}, at(6)) == Revert::done);
  REQUIRE(line.pointer() == "v1");
}

TEST_CASE("without a version before it a rollback is refused and changes nothing") {
  ReleaseLine line("v1");
  REQUIRE(line.revert({"v1", shipped("serving-errors")}, at(1)) == Revert::refused);
  REQUIRE(line.revert({"v1", shipped("engagement-drop")}, at(1)) == Revert::refused);
  REQUIRE(line.pointer() == "v1");
  REQUIRE(line.token("v1").state() == State::production);
  REQUIRE(line.moves().empty());
}

TEST_CASE("a rollback that a person has to confirm asks, and takes yes or no") {
  ReleaseLine line("v1");
  promoted(line, "v2", 1);
  const Procedure drop = shipped("engagement-drop");
  REQUIRE(line.revert({"v2", drop}, at(2)) == Revert::asked);
  REQUIRE(line.pointer() == "v2");
  REQUIRE_THROWS_AS(line.approve("v2", at(3)), IllegalMove);  // the pointer would not move
  SECTION("yes") {
    REQUIRE(line.revert({"v2", drop, true}, at(3)) == Revert::done);
    REQUIRE(line.pointer() == "v1");
    REQUIRE(line.token("v2").history().back().by_person);
  }
  SECTION("no") {
    line.decide("v2", Event::issue_resolved, at(3));
    REQUIRE(line.token("v2").state() == State::production);
    REQUIRE_FALSE(line.token("v2").waiting_for_person());
  }
  SECTION("errors do not wait for the person") {
    REQUIRE(line.revert({"v2", shipped("serving-errors")}, at(3)) == Revert::done);
    REQUIRE(line.pointer() == "v1");
  }
  SECTION("another version comes before the answer") {
    promoted(line, "v3", 3);
    REQUIRE_THROWS_WITH(line.revert({"v2", drop, true}, at(4)), Contains("v3 serves now"));
    REQUIRE(line.pointer() == "v3");
    REQUIRE_FALSE(line.token("v2").waiting_for_person());
  }
}

TEST_CASE("a quarantined version may be mended and promoted anew") {
  ReleaseLine line("v1");
  promoted(line, "v2", 1);
  REQUIRE(line.revert({"v2", shipped("serving-errors")}, at(2)) == Revert::done);
  REQUIRE_THROWS_AS(line.request("v2", Event::fix_and_retry, at(3)), IllegalTransition);
  line.rollback_finished("v2", at(4));
  for (const Event event :
       {Event::fix_and_retry, Event::canary_launched, Event::collecting_metrics}) {
    REQUIRE(line.request("v2", event, at(5)));
  }
  REQUIRE(line.quarantined("v2"));
  REQUIRE(line.promote("v2", CanaryPass{}, at(6)));
  REQUIRE_FALSE(line.quarantined("v2"));
  REQUIRE(line.version_before() == "v1");
}

TEST_CASE("the version that serves stays in production while a forked token is trained") {
  ReleaseLine line("v1");
  REQUIRE(line.request("v1", Event::health_checks, at(1)));
  REQUIRE_THROWS_WITH(line.request("v1", Event::metric_degradation, at(1)), Contains("v1 serves"));
  REQUIRE(line.request("v1", Event::all_healthy, at(1)));
  REQUIRE_THROWS_AS(line.request("v1", Event::experiment_configured, at(1)), IllegalMove);
  line.fork("v2", Proof::canary);
  for (const Event event : {Event::health_checks, Event::metric_degradation,
                            Event::pipeline_triggered, Event::new_version_trained}) {
    REQUIRE(line.request("v2", event, at(2)));
  }
  REQUIRE(line.token("v2").state() == State::offline_eval);
  REQUIRE(line.token("v1").state() == State::production);
  REQUIRE_THROWS_AS(line.fork("v2", Proof::canary), IllegalMove);
}

TEST_CASE("only the version that serves is rolled back with the pointer") {
  ReleaseLine line("v1");
  promoted(line, "v2", 1);
  to_canary(line, "v3", Proof::canary, 2);
  line.roll_back("v3", shipped("canary-failure"), at(3));
  REQUIRE(line.token("v3").state() == State::rollback);
  REQUIRE_FALSE(line.quarantined("v3"));
  for (const std::string version : {"v1", "v2"}) {
    REQUIRE_THROWS_AS(line.roll_back(version, shipped("serving-errors"), at(3)), IllegalMove);
  }
  REQUIRE_THROWS_AS(line.revert({"v1", shipped("serving-errors")}, at(3)), IllegalMove);
  REQUIRE_THROWS_AS(line.revert({"v2", shipped("canary-failure")}, at(3)), IllegalTransition);
  REQUIRE_THROWS_WITH(line.token("v9"), Contains("no version v9"));
  REQUIRE(line.pointer() == "v2");
}
