// Candidates on their way to production, with counts made up for them.
#include "lifecycle/release_flow.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "driven_release.hpp"

using namespace rehearse;
using namespace rehearse::lifecycle;

namespace {

using States = std::vector<std::string>;
using Outcome = CanaryDecided::Outcome;

}  // namespace

TEST_CASE("a candidate that does well is promoted, with its deeds in the table's order") {
  Driven driven;
  driven.submit(2);
  REQUIRE(driven.token(2) == rollout::State::canary_deploy);
  driven.until(hours(3));
  REQUIRE(driven.token(2) == rollout::State::kayenta_analysis);
  driven.until(hours(5));
  REQUIRE(driven.flow.production() == 2);
  REQUIRE(driven.token(2) == rollout::State::production);
  REQUIRE(driven.token(1) == rollout::State::production);  // replaced, and released still
  REQUIRE(driven.states("rec-v2") == States{"CANDIDATE", "CANARY", "PRODUCTION"});
  REQUIRE(driven.states("rec-v1") == States{"RETIRED"});
  REQUIRE(driven.states("rec") == States{"rec-v2"});
  const auto& deeds = driven.deeds;
  REQUIRE(deeds.size() == 5);
  REQUIRE((deeds[2].type == "Model" && deeds[3].id == "rec-v2" && deeds[4].id == "rec-v1"));
  REQUIRE(driven.flow.routes().arms(driven.now) == std::vector<Arm>{{Role::production, 2, 1}});
  const CanaryPassed passed = std::get<CanaryPassed>(driven.signals.at(0).metadata);
  REQUIRE(passed.score == 100);
  REQUIRE(passed.lasted == Duration::hours(4));
}

TEST_CASE("every deed, step and move has a cause that leads back to an origin") {
  Driven driven;
  driven.submit(2);
  driven.behaviour[2] = failing;
  driven.until(hours(3));
  driven.submit(3, false);
  driven.until(hours(10));
  for (const Deed& deed : driven.deeds) {
    const auto chain = driven.lineage.chain(deed.cause);
    REQUIRE_FALSE(chain.empty());
    REQUIRE(is_origin(driven.lineage.at(chain.back()).what));
  }
  REQUIRE(driven.flow.production() == 3);
  const Record& last = driven.lineage.at(driven.signals.back().id);
  REQUIRE(driven.lineage.at(last.cause).what == What::verdict);
}

TEST_CASE("a marginal candidate waits for a person, who approves it or takes it back") {
  Driven approving;
  approving.behaviour[2] = slower;
  approving.submit(2);
  approving.until(hours(7));
  REQUIRE(decided(approving.facts, Outcome::marginal) == 1);
  REQUIRE(approving.flow.production() == 2);
  REQUIRE(std::get<CanaryPassed>(approving.signals.at(0).metadata).by_person);
  REQUIRE(approving.flow.line().token("v2").history().back().by_person);

  ReleaseSettings settings;
  settings.person.approves = 0;
  Driven refusing(settings);
  refusing.behaviour[2] = slower;
  refusing.submit(2);
  refusing.until(hours(7));
  REQUIRE(refusing.flow.production() == 1);
  REQUIRE(refusing.token(2) == rollout::State::rollback);
}

TEST_CASE("whoever does not answer before the escalation is replaced") {
  PersonSettings settings;
  settings.delay = stats::Distribution::constant(Duration::hours(3));
  const PersonAnswer late = ask(settings, stats::Stream(1, 0, "person"), hours(1));
  REQUIRE(late.escalated);
  REQUIRE(late.at == hours(4));
  settings.delay = stats::Distribution::constant(Duration::minutes(5));
  const PersonAnswer soon = ask(settings, stats::Stream(1, 0, "person"), hours(1));
  REQUIRE_FALSE(soon.escalated);
  REQUIRE(soon.at == hours(1) + Duration::minutes(5));
}

TEST_CASE("of candidates that wait the newest follows, or each in its turn") {
  Driven driven;
  for (const int number : {2, 3, 4}) driven.submit(number);
  driven.until(hours(5));
  REQUIRE(driven.flow.under_way() == 4);
  REQUIRE(driven.states("rec-v3") == States{"CANDIDATE"});  // superseded
  ReleaseSettings settings;
  settings.waiting = Waiting::queue;
  Driven queued(settings);
  for (const int number : {2, 3, 4}) queued.submit(number);
  queued.until(hours(5));
  REQUIRE(queued.flow.under_way() == 3);
  queued.until(hours(14));
  REQUIRE(queued.flow.production() == 4);
}

TEST_CASE("a second canary_passed and one that comes too late promote nothing") {
  Driven driven;
  driven.submit(2);
  driven.until(hours(5));
  const Signal again = driven.signals.at(0);
  REQUIRE_FALSE(driven.flow.promote(std::get<CanaryPassed>(again.metadata), again.id, driven.now));
  REQUIRE(facts_of<Promoted>(driven.facts).size() == 1);

  Driven lost;
  lost.lost = true;
  lost.submit(2);
  lost.until(hours(8));
  REQUIRE(lost.flow.production() == 1);
  REQUIRE(lost.flow.under_way() == 2);  // it waits for its signal
}

TEST_CASE("minutes without a measurement are no evidence") {
  Driven driven;
  driven.measured = false;
  driven.submit(2);
  driven.until(hours(2));
  REQUIRE(facts_of<CanaryDecided>(driven.facts).at(0).no_data);
  REQUIRE(driven.flow.production() == 1);
  REQUIRE(driven.states("rec-v2").back() == "ROLLED_BACK");
}

TEST_CASE("who is asked has a page, and answers it") {
  Driven driven;
  driven.behaviour[2] = slower;
  driven.submit(2);
  driven.until(hours(7));
  const auto chain = driven.lineage.chain(driven.signals.at(0).id);
  std::vector<std::string> said;
  for (const RecordId id : chain) said.push_back(driven.lineage.at(id).detail);
  REQUIRE(said.at(0) == "canary_passed");
  REQUIRE(said.at(1).rfind("approves the candidate", 0) == 0);
  REQUIRE(said.at(2) == "is asked about the candidate");
  REQUIRE(said.at(3).rfind("marginal", 0) == 0);
  const PersonAsked asked = facts_of<PersonAsked>(driven.facts).at(0);
  REQUIRE(driven.lineage.at(chain[1]).at == asked.answers);
}

TEST_CASE("operations ask of a version what runs on it and who owns it") {
  Driven driven;
  driven.submit(2);
  driven.behaviour[2] = slower;
  driven.until(hours(7));
  driven.behaviour[2] = failing;
  driven.until(hours(8));
  REQUIRE(driven.flow.production() == 1);
  std::vector<std::string> asked;
  for (const Inquiry& one : driven.inquiries) {
    asked.push_back(to_string(one.occasion) + ": " + one.ask + " of " + one.type + " " + one.id);
    REQUIRE(one.model == "rec");
  }
  REQUIRE(asked == std::vector<std::string>{"canary: active-ab-tests of ModelInstance rec-v1",
                                            "person: owners of ModelInstance rec-v2",
                                            "rollback: active-ab-tests of ModelInstance rec-v2"});
  REQUIRE(driven.lineage.at(driven.inquiries[1].cause).what == What::verdict);
  REQUIRE(driven.lineage.at(driven.inquiries[2].cause).what == What::alert);
}

TEST_CASE("a canary's end tells of both sides' artefacts") {
  Driven driven;
  Version crashing = version_of(2);
  crashing.artefact.errors = 0.05;
  crashing.artefact.slowness = 1.5;
  driven.behaviour[2] = failing;
  driven.submit(crashing);
  driven.until(hours(2));
  const CanaryDecided fact = facts_of<CanaryDecided>(driven.facts).at(0);
  REQUIRE(fact.outcome == Outcome::failed);
  REQUIRE(fact.errors == 0.05);
  REQUIRE(fact.baseline_errors == 0.001);
  REQUIRE(fact.baseline_latency_p99 == Approx(0.16).epsilon(1e-6));
  REQUIRE(fact.latency_p99 == Approx(0.24).epsilon(1e-6));
  REQUIRE(fact.launched == driven.rollbacks.at(0).begun.onset);
  const CanaryLaunched launched = facts_of<CanaryLaunched>(driven.facts).at(0);
  REQUIRE((launched.version == 2 && launched.trained == Time{} && launched.registered == Time{}));
}
