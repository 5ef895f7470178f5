// What faults do to operations while they last.
#include "lifecycle/conditions.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "lifecycle_run.hpp"

using namespace rehearse;
using namespace rehearse::lifecycle;

namespace {

/// A run on which faults begin and end.
struct Disturbed : Run {
  using Run::Run;

  void between(Time from, Time to, const Conditions& conditions) {
    before(from);
    life.conditions(conditions, from);
    before(to);
    life.conditions({}, to);
  }

  /// Everything that happens earlier.
  void before(Time end) {
    while (life.next_wakeup() < end) step();
  }
};

ModelSettings scheduled_model() {
  ModelSettings settings;
  settings.world = pinned_world();
  settings.training.every = Duration::hours(6);
  settings.training.job.duration = stats::Distribution::constant(Duration::hours(1));
  settings.release.routing.load = stats::Distribution::constant(Duration::minutes(1));
  settings.release.routing.propagation = stats::Distribution::constant(Duration::seconds(10));
  return settings;
}

Time hours(double count) { return day(count / 24); }

/// Spans of a model that begin in [from, to).
std::vector<lifecycle::Served> spans(const Run& run, Time from, Time to) {
  std::vector<lifecycle::Served> found;
  std::copy_if(run.served.begin(), run.served.end(), std::back_inserter(found),
               [&](const lifecycle::Served& one) { return from <= one.from && one.from < to; });
  return found;
}

bool has_record(const Run& run, What what, const std::string& begin) {
  const auto& records = run.life.lineage().records();
  return std::any_of(records.begin(), records.end(), [&](const Record& one) {
    return one.what == what && one.detail.rfind(begin, 0) == 0;
  });
}

}  // namespace

TEST_CASE("while signals are lost nothing follows, and what is tried again arrives afterwards") {
  Disturbed run({scheduled_model()});
  Conditions lost;
  lost.signals.outage = true;
  run.between(hours(6.5), hours(7.2), lost);  // the training ends after 7 hours
  run.until(hours(9));
  REQUIRE(has_record(run, What::fault, "signals are lost"));
  REQUIRE(has_record(run, What::fault, "over"));
  const int redelivered = count_of<SignalFate>(
      run.facts, [](const SignalFate& one) { return one.fate == SignalFate::Fate::redelivered; });
  REQUIRE(redelivered == 3);  // 5, 10 and 15 minutes past 7
  const CanaryLaunched launched = facts_of<CanaryLaunched>(run.facts).at(0);
  REQUIRE(launched.trained == hours(7));
  REQUIRE(launched.registered > hours(7.25) + Duration::minutes(10));

  Disturbed for_good({scheduled_model()});
  for_good.between(hours(6.5), hours(8), lost);
  for_good.until(hours(11));
  REQUIRE(facts_of<GatesDecided>(for_good.facts).empty());
}

TEST_CASE("faults drop, double and delay signals beside the settings") {
  const auto fates = [](const SignalConditions& conditions) {
    Signals signals({}, 1, 0);
    signals.subscribe(SignalType::drift_detected, "rec", "rec/training");
    signals.conditions(conditions);
    for (int i = 0; i < 400; ++i) {
      const Time now = Time{} + Duration::hours(i);
      signals.send({RecordId{i + 1}, "rec", now, DriftDetected{}});
      signals.arrived(now + Duration::minutes(59));
    }
    std::map<SignalFate::Fate, int> counts;
    for (const FateOf& one : signals.take_fates()) ++counts[one.what.fate];
    return counts;
  };
  using Fate = SignalFate::Fate;
  SignalConditions conditions;
  REQUIRE(fates(conditions)[Fate::redelivered] == 0);
  conditions.drop = 0.5;
  CHECK(std::abs(fates(conditions)[Fate::redelivered] - 375) < 60);  // 400 (1/2 + 1/4 + 1/8 + 1/16)
  conditions = {};
  conditions.duplicate = 0.25;
  CHECK(std::abs(fates(conditions)[Fate::duplicated] - 100) < 35);
  conditions = {};
  conditions.delay = stats::Distribution::constant(Duration::minutes(11));
  CHECK(fates(conditions)[Fate::redelivered] == 800);  // after 5 and after 10 minutes
}

TEST_CASE("no training starts while the cluster is out, and those that run go on") {
  Disturbed run({scheduled_model()});
  Conditions out;
  out.cluster_out = true;
  run.between(hours(6.5), hours(14), out);
  REQUIRE(facts_of<TrainingEnded>(run.facts).size() == 1);  // it had its slot before
  run.until(hours(15.5));
  const auto started = facts_of<TrainingStarted>(run.facts);
  REQUIRE(started.size() == 2);
  REQUIRE(started[1].asked == hours(12));
  REQUIRE(facts_of<TrainingEnded>(run.facts).at(1).started == hours(14));
}

TEST_CASE("what routers would apply while rules are held they apply at the end") {
  Disturbed held({scheduled_model()});
  Conditions holding;
  holding.rules_held = true;
  held.between(hours(7), hours(10), holding);
  const auto launched = facts_of<CanaryLaunched>(held.facts);
  REQUIRE(launched.size() == 1);
  const auto token = [&] { return held.model().flow().line().token("v2").state(); };
  REQUIRE(token() == rollout::State::canary_deploy);
  for (const lifecycle::Served& span : spans(held, hours(7), hours(10))) {
    REQUIRE(span.arms.size() == 1);
  }
  held.until(hours(10.5));
  REQUIRE(token() == rollout::State::kayenta_analysis);
  REQUIRE(spans(held, hours(10), hours(10.1)).at(0).arms.size() == 3);
  held.until(hours(15));
  const CanaryDecided decided = facts_of<CanaryDecided>(held.facts).at(0);
  REQUIRE(decided.launched == hours(10));
  REQUIRE(held.model().flow().production() == 2);
}

TEST_CASE("what routers would apply after rules were held they apply in time") {
  ModelSettings settings = scheduled_model();
  settings.release.routing.propagation = stats::Distribution::constant(Duration::hours(2));
  Run plain({settings});
  plain.until(hours(11));
  Disturbed held({settings});
  Conditions holding;
  holding.rules_held = true;
  held.between(hours(7.5), hours(8), holding);
  held.until(hours(11));
  const auto first_traffic = [](const Run& run) {
    const auto span = std::find_if(run.served.begin(), run.served.end(),
                                   [](const auto& one) { return one.arms.size() == 3; });
    REQUIRE(span != run.served.end());
    return span->from;
  };
  REQUIRE(first_traffic(plain) > hours(9));
  REQUIRE(first_traffic(held) == first_traffic(plain));
}

TEST_CASE("a rollback whose rules are held is late") {
  ModelSettings settings = scheduled_model();
  settings.defects = {{2, Crash{0.2, {}}}};
  Disturbed run({settings});
  run.before(hours(8));
  Conditions holding;
  holding.rules_held = true;
  run.between(hours(8), hours(10), holding);
  run.until(hours(11));
  REQUIRE(run.rollbacks.at(0).begun.procedure == "canary-failure");
  REQUIRE(run.rollbacks[0].recovered == hours(10));
  REQUIRE(run.rollbacks[0].late());
}

TEST_CASE("an arm that is not measured has missing points") {
  ModelSettings settings = scheduled_model();
  Disturbed run({settings});
  Conditions blind;
  blind.unmeasured = {Role::baseline};
  run.between(hours(7), hours(11), blind);
  const CanaryDecided decided = facts_of<CanaryDecided>(run.facts).at(0);
  REQUIRE((decided.no_data && decided.outcome == CanaryDecided::Outcome::failed));
  REQUIRE(run.model().flow().production() == 1);
}

TEST_CASE("neither rules nor monitors see what production does while it is not measured") {
  ModelSettings settings = rotated_model();
  settings.world.drifts[0].at = day(2);
  learning::Drift shift = settings.world.drifts[0];
  shift.of = learning::DriftOf::covariate;
  shift.features = {0};
  shift.shift = 3;
  settings.world.drifts = {shift};
  Conditions blind;
  blind.unmeasured = {Role::production};
  blind.models["rec"].errors = 0.2;
  Disturbed run({settings});
  run.between(day(1), day(4), blind);
  REQUIRE(facts_of<Responded>(run.facts).empty());
  REQUIRE(facts_of<RollbackRefused>(run.facts).empty());
  run.until(day(5));
  REQUIRE_FALSE(facts_of<Responded>(run.facts).empty());

  Disturbed seen({settings});
  blind.unmeasured.clear();
  seen.between(day(1), day(4), blind);
  REQUIRE_FALSE(facts_of<Responded>(seen.facts).empty());
  REQUIRE(facts_of<RollbackRefused>(seen.facts).size() == 1);
}

TEST_CASE("a fault on a model's answers is counted from its begin to its end, and watched") {
  ModelSettings search = scheduled_model();
  search.name = "search";
  search.training.every = {};
  ModelSettings rec = search;
  rec.name = "rec";
  Disturbed run({rec, search});
  Conditions faulty;
  faulty.models["rec"] = {0.005, 3};
  const Time from = hours(5) + Duration::seconds(90), to = hours(7) + Duration::seconds(30);
  run.between(from, to, faulty);
  run.until(hours(9));
  std::vector<lifecycle::Served> of_rec, of_search;
  for (const lifecycle::Served& span : run.served) {
    (span.model == 0 ? of_rec : of_search).push_back(span);
  }
  REQUIRE(of_search.size() == 9);  // hours
  const auto during = std::count_if(of_rec.begin(), of_rec.end(), [&](const auto& span) {
    return span.from >= from && span.until <= to;
  });
  REQUIRE(during == 120);  // 119 borders of minutes in between
  learning::ArmCounts counts;
  double expected = 0;
  for (const lifecycle::Served& span : of_rec) {
    if (span.from < from || span.until > to) continue;
    counts += span.arms[0].counts;
    expected += span.arms[0].expected_clicks;
  }
  const double n = double(counts.requests);
  const double errors = 1 - 0.999 * 0.995;
  CHECK(std::abs(double(counts.errors) - errors * n) < 4 * std::sqrt(errors * n));
  const Version& version = run.model().flow().version(1);
  ServingConditions conditions;
  conditions.slower = 3;
  const double slow = chances_of(version, 0, conditions).slow;
  REQUIRE(slow > 0.001);
  CHECK(std::abs(double(counts.slow) - slow * n) < 4 * std::sqrt(slow * n));
  CHECK(std::abs(double(counts.clicks) - expected) < 4 * std::sqrt(expected));
}

TEST_CASE("a rollback under a fault began with the fault, and is caused by it") {
  ModelSettings settings = scheduled_model();
  settings.training.cap = {1, Duration::days(30)};
  Disturbed run({settings});
  run.before(hours(15));
  REQUIRE(run.model().flow().production() == 2);
  Conditions faulty;
  faulty.models["rec"].errors = 0.2;
  run.between(hours(15), hours(16), faulty);
  REQUIRE(run.model().flow().production() == 1);
  const RollbackSeen& rollback = run.rollbacks.at(0);
  REQUIRE(rollback.begun.procedure == "serving-errors");
  REQUIRE(rollback.begun.onset == hours(15));
  REQUIRE(rollback.begun.triggered == hours(15) + Duration::minutes(2));
  const auto& records = run.life.lineage().records();
  const auto moved = std::find_if(records.rbegin(), records.rend(),
                                  [](const Record& one) { return one.what == What::pointer; });
  REQUIRE(run.life.lineage().at(run.life.lineage().chain(moved->id).back()).what == What::fault);
}
