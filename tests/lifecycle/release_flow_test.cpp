// Candidates on their way to production and back, with counts made up for them.
#include "lifecycle/release_flow.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "deed_words.hpp"
#include "facts_of.hpp"

using namespace rehearse;
using namespace rehearse::lifecycle;

namespace {

constexpr Duration kMinute = Duration::minutes(1);

Version version_of(std::int64_t number) {
  Version version;
  version.number = number;
  return version;
}

/// Counts of a minute of an arm that is well, or not.
ArmMinute well(int wave) {
  return {{150, 0, 0, std::uint64_t(30 + wave % 7)}, 0.16 + 0.001 * (wave % 5)};
}
ArmMinute failing(int wave) {
  ArmMinute minute = well(wave);
  minute.counts.errors = 8;
  return minute;
}
ArmMinute slower(int wave) {
  ArmMinute minute = well(wave);
  minute.latency_p99 += 0.02;
  return minute;
}
using Behaviour = ArmMinute (*)(int);

/// A model under release, driven minute by minute.
struct Driven {
  explicit Driven(ReleaseSettings settings = {})
      : flow({"rec"}, version_of(1), std::move(settings), 1, 0, lineage) {
    flow.take_deeds();  // of time 0
  }

  void submit(std::int64_t number, bool after_drift = true) {
    submit(version_of(number), after_drift);
  }
  void submit(const Version& version, bool after_drift = true) {
    const std::int64_t number = version.number;
    const RecordId run = lineage.add({{}, {}, now, "rec", number, What::schedule, "", "", ""});
    flow.training_started(number, after_drift, run, now);
    flow.training_ended(number, run, now);
    flow.submit(version, run, now);
    collect(now);
  }

  void until(Time end) {
    while (now < end) {
      const Time minute = now + kMinute;
      for (auto next = flow.next_wakeup(); next && *next < minute; next = flow.next_wakeup()) {
        flow.advance(*next);
        collect(*next);
      }
      now = minute;
      const auto of = [&](std::int64_t version) {
        const auto found = behaviour.find(version);
        return found == behaviour.end() ? well : found->second;
      };
      MinuteOfArms counts;
      const int wave = int(now.ns / kMinute.ns);
      counts.production = of(flow.production())(wave);
      if (const auto candidate = flow.under_way()) {
        counts.baseline = of(flow.production())(wave + 3);
        counts.canary = of(*candidate)(wave + 1);
      }
      if (!measured) counts = {};
      flow.minute(counts, now);
      flow.advance(now);
      collect(now);
    }
  }

  /// A signal that is sent arrives at once, unless it is lost.
  void collect(Time at) {
    for (Deed& deed : flow.take_deeds()) deeds.push_back(std::move(deed));
    for (Signal& signal : flow.take_signals()) {
      signals.push_back(signal);
      if (!lost) flow.promote(std::get<CanaryPassed>(signal.metadata), signal.id, signal.at);
    }
    for (Deed& deed : flow.take_deeds()) deeds.push_back(std::move(deed));
    for (Happened& what : flow.take_facts()) {
      follow(rollbacks, what, at);
      facts.push_back(std::move(what));
    }
    for (Inquiry& one : flow.take_inquiries()) inquiries.push_back(std::move(one));
  }

  std::vector<std::string> states(const std::string& id) const { return set_to(deeds, id); }

  rollout::State token(std::int64_t version) const {
    return flow.line().token("v" + std::to_string(version)).state();
  }

  Lineage lineage;
  ReleaseFlow flow;
  Time now;
  std::map<std::int64_t, Behaviour> behaviour;
  bool measured = true, lost = false;
  Deeds deeds;
  std::vector<Signal> signals;
  std::vector<Happened> facts;
  std::vector<RollbackSeen> rollbacks;
  std::vector<Inquiry> inquiries;
};

Time hours(double count) { return Time{} + Duration::from_seconds(3600 * count); }

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

TEST_CASE("minutes without a measurement are no evidence") {
  Driven driven;
  driven.measured = false;
  driven.submit(2);
  driven.until(hours(2));
  REQUIRE(facts_of<CanaryDecided>(driven.facts).at(0).no_data);
  REQUIRE(driven.flow.production() == 1);
  REQUIRE(driven.states("rec-v2").back() == "ROLLED_BACK");
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
