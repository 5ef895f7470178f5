// What is measured of a lifecycle, on facts told by hand; every number is worked out on paper. The
// measured window is [10 h, 100 h), at whose end operations stop; the run ends at 110 h.
#include "measure/lifecycle_log.hpp"

#include <catch2/catch.hpp>

#include "lifecycle_history.hpp"
#include "measure/lifecycle_catalogue.hpp"
#include "measure/registry_watch.hpp"

namespace rehearse::test {
namespace {

using namespace lifecycle;
using learning::Drift;
using learning::DriftKind;
using measure::Metrics;

constexpr double kHour = 3600;

/// The values of these metrics.
std::vector<double> values(const Metrics& metrics, const std::vector<std::string>& names) {
  std::vector<double> values;
  for (const std::string& name : names) values.push_back(metrics.at(name));
  return values;
}
using Values = std::vector<double>;

/// Alerts, detections, missed, false alarms, held back.
Values drifts(const Metrics& metrics, const std::string& of = "") {
  return values(metrics, {of + "drift.alerts", of + "drift.detections", of + "drift.missed",
                          of + "drift.false_alarms", of + "drift.held_back"});
}
/// Mean, max, count, censored.
Values lag(const Metrics& metrics, const std::string& name) {
  return values(metrics, {name + ".mean", name + ".max", name + ".count", name + ".censored"});
}
/// Max, count, censored.
Values longest(const Metrics& metrics, const std::string& name) {
  return values(metrics, {name + ".max", name + ".count", name + ".censored"});
}

Drift drift(std::int64_t at, DriftKind kind = DriftKind::sudden, std::int64_t over = 0) {
  Drift drift;
  drift.at = hour(at);
  drift.kind = kind;
  drift.over = Duration::hours(over);
  drift.period = Duration::hours(24);
  return drift;
}

Promoted promotion(std::int64_t median_row, double engagement = 2, double before = 1) {
  return {2, 1, hour(median_row), engagement, before};
}

CanaryDecided verdict(CanaryDecided::Outcome outcome, double engagement = 1, double errors = 0,
                      double latency = 1) {
  CanaryDecided decided;
  decided.version = 2;
  decided.outcome = outcome;
  decided.launched = hour(20);
  decided.engagement = engagement;
  decided.baseline_engagement = 1;
  decided.errors = errors;
  decided.latency_p99 = latency;
  decided.baseline_latency_p99 = 1;
  return decided;
}
using Outcome = CanaryDecided::Outcome;

}  // namespace

TEST_CASE("a lifecycle in which nothing happens has every metric, and each is 0") {
  Told told(two_models());
  const Metrics metrics = told.metrics();
  for (const auto& [name, value] : metrics) {
    INFO(name);
    CHECK(value == 0);
  }
  CHECK(metrics.contains("model.search.engagement.lost"));
}

TEST_CASE("a lifecycle's metrics are those of the catalogue's section") {
  Told told(two_models());
  Metrics metrics = told.metrics();
  measure::RegistryWatch registry(two_models().window, {"rec", "search"}, {});
  registry.add_to(metrics);
  const measure::Subjects models{{}, {"rec", "search"}};
  std::vector<std::string> names;
  for (const auto& metric : metrics) names.push_back(metric.first);
  CHECK(names == measure::metric_names({{}, models.models, {}, {"lifecycle"}},
                                       measure::lifecycle_catalogue()));
  CHECK(measure::metric_names(models, measure::lifecycle_catalogue()).empty());
}

TEST_CASE("a response while a drift is open is a detection, any other a false alarm") {
  Told told(two_models({drift(20), drift(60, DriftKind::incremental, 10)}));
  told.fact(19, Responded{"psi", "alert"});        // before the first
  told.fact(20, Responded{"psi", "alert"});        // looks back on a world that had not moved
  told.fact(21, Responded{"psi", "alert", true});  // held back: no response
  told.fact(26, Responded{"psi", "retrain"});      // 6 h after it
  told.fact(28, Responded{"ph", "alert"});         // again
  told.fact(30, Responded{"psi", "alert"}, 1);     // of a model that has no drift
  told.fact(40, promotion(21));                    // closes the first one
  told.fact(41, Responded{"psi", "alert"});        // nothing is open
  told.fact(75, promotion(65));                    // its median row is before the completion
  told.fact(76, Responded{"psi", "alert"});        // 16 h after the second
  told.fact(90, promotion(71));
  told.fact(91, Responded{"psi", "alert"});
  const Metrics metrics = told.metrics();
  CHECK(drifts(metrics) == Values{8, 2, 0, 5, 1});
  CHECK(drifts(metrics, "model.rec.") == Values{7, 2, 0, 4, 1});
  CHECK(drifts(metrics, "model.search.") == Values{1, 0, 0, 1, 0});
  CHECK(lag(metrics, "drift.detection_delay") == Values{11 * kHour, 16 * kHour, 2, 0});
  CHECK(lag(metrics, "model.rec.drift.detection_delay") == Values{11 * kHour, 16 * kHour, 2, 0});
  CHECK(lag(metrics, "model.search.drift.detection_delay") == Values{0, 0, 0, 0});
  // From 20 h to 40 h, from 60 h to 90 h.
  CHECK(lag(metrics, "retraining.restored") == Values{25 * kHour, 30 * kHour, 2, 0});
}

TEST_CASE("a drift that nobody noticed is missed, and its delay goes on to the end") {
  Told told(two_models({drift(30)}));
  const Metrics metrics = told.metrics();
  CHECK(drifts(metrics) == Values{0, 0, 1, 0, 0});
  CHECK(lag(metrics, "drift.detection_delay") == Values{70 * kHour, 70 * kHour, 1, 1});
  CHECK(lag(metrics, "retraining.restored") == Values{70 * kHour, 70 * kHour, 1, 1});
}

TEST_CASE("a drift is open until it ends, a recurring one through its waves, a benign one never") {
  Drift passing = drift(20), waves = drift(60, DriftKind::recurring), benign = drift(40);
  passing.until = hour(30);
  benign.benign = true;
  const Drift after_the_run = drift(100);
  Told told(two_models({passing, benign, waves, after_the_run}));
  told.fact(31, Responded{"psi", "alert"});  // too late
  told.fact(45, Responded{"psi", "alert"});  // on the benign one
  told.fact(70, promotion(69));              // ends no recurring drift
  told.fact(80, Responded{"psi", "alert"});
  const Metrics metrics = told.metrics();
  CHECK(drifts(metrics) == Values{3, 1, 1, 2, 0});
  // The one that had passed has no delay, and neither it nor the waves could be mended.
  CHECK(lag(metrics, "drift.detection_delay") == Values{20 * kHour, 20 * kHour, 1, 0});
  CHECK(lag(metrics, "retraining.restored") == Values{0, 0, 0, 0});
}

TEST_CASE("a response at the end of a drift has still seen it") {
  Drift passing = drift(20);
  passing.until = hour(30);
  Told told(two_models({passing}));
  told.fact(30, Responded{"psi", "alert"});
  CHECK(drifts(told.metrics()) == Values{1, 1, 0, 0, 0});
}

TEST_CASE("delays of drifts of the warm-up are no part of the window, detections are") {
  Told told(two_models({drift(9), drift(10)}));
  told.fact(12, Responded{"psi", "alert"});
  const Metrics metrics = told.metrics();
  CHECK(drifts(metrics) == Values{1, 2, 0, 0, 0});
  CHECK(lag(metrics, "drift.detection_delay") == Values{2 * kHour, 2 * kHour, 1, 0});
}

TEST_CASE("trainings wait for a slot, take it, and are wasted when they earn no more") {
  using Fate = TrainingAsked::Fate;
  Told told(two_models());
  told.fact(5, TrainingAsked{Fate::queued});
  told.fact(5, TrainingStarted{2, hour(5)});  // within the warm-up
  told.fact(15, TrainingEnded{2, hour(5), true});
  told.fact(16, TrainingAsked{Fate::ignored});
  told.fact(17, TrainingAsked{Fate::capped});
  told.fact(20, TrainingAsked{Fate::queued});
  told.fact(24, TrainingStarted{3, hour(20)});
  told.fact(30, TrainingEnded{3, hour(24), false});
  told.fact(40, TrainingAsked{Fate::queued}, 1);
  told.fact(50, TrainingStarted{2, hour(40)}, 1);
  told.fact(70, TrainingAsked{Fate::queued});  // waits on
  told.fact(96, promotion(90, 1.02, 1));
  told.fact(97, promotion(90, 1.005, 1));
  told.fact(98, promotion(90, 1.02, 1.01));
  const Metrics metrics = told.metrics();
  CHECK(values(metrics, {"retraining.runs", "retraining.failed", "retraining.capped",
                         "retraining.ignored", "retraining.wasted", "release.promoted"}) ==
        Values{3, 1, 1, 1, 2, 3});
  // 4 h, 10 h, and 30 h so far; the one of the warm-up waited for nothing and is not counted.
  CHECK(lag(metrics, "retraining.wait") == Values{44 * kHour / 3, 30 * kHour, 3, 1});
  CHECK(metrics.at("retraining.wait.p99") == 30 * kHour);
  CHECK(lag(metrics, "model.search.retraining.wait") == Values{10 * kHour, 10 * kHour, 1, 0});
  // 5 h of the first, 6 of the second, 50 of the third, of 2 slots for 90 h.
  CHECK(metrics.at("retraining.utilization") == Approx(61.0 / 180).epsilon(1e-15));
}

TEST_CASE("gates reject for a reason, and what they passed waits for its canary") {
  Told told(two_models());
  told.fact(20, TrainingEnded{2, hour(19), true});
  told.fact(21, GatesDecided{2, Gate::leak});
  told.fact(30, TrainingEnded{3, hour(29), true});
  told.fact(31, GatesDecided{3, std::nullopt});
  told.fact(33, CanaryLaunched{3, hour(30), hour(31)});
  told.fact(40, GatesDecided{4, Gate::class_});
  told.fact(41, GatesDecided{5, Gate::auc}, 1);
  told.fact(42, GatesDecided{6, Gate::rows}, 1);
  told.fact(43, GatesDecided{7, Gate::missing}, 1);
  told.fact(44, GatesDecided{8, Gate::missing}, 1);
  told.fact(50, TrainingEnded{9, hour(49), true});
  told.fact(51, GatesDecided{9, std::nullopt});
  told.fact(60, TrainingEnded{10, hour(59), true});
  told.fact(61, GatesDecided{10, std::nullopt});  // takes the place of 9
  told.fact(90, TrainingEnded{11, hour(89), true});
  const Metrics metrics = told.metrics();
  CHECK(values(metrics, {"gates.rejected.rows", "gates.rejected.class", "gates.rejected.missing",
                         "gates.rejected.leak", "gates.rejected.auc", "retraining.rejected"}) ==
        Values{1, 1, 2, 1, 1, 6});
  // 2 h; 39 h so far of version 10.
  CHECK(longest(metrics, "release.waiting") == Values{39 * kHour, 2, 1});
  // 3 h; 40 and 10 h so far.
  CHECK(longest(metrics, "release.time_to_canary") == Values{40 * kHour, 3, 2});
}

TEST_CASE("a candidate that its shadow stops waits for its canary no longer") {
  Told told(two_models());
  told.fact(20, TrainingEnded{2, hour(19), true});
  told.fact(21, GatesDecided{2, std::nullopt});
  told.fact(24, verdict(Outcome::failed, 0.98));
  const Metrics metrics = told.metrics();
  CHECK(longest(metrics, "release.waiting") == Values{0, 0, 0});
  CHECK(longest(metrics, "release.time_to_canary") == Values{0, 0, 0});
}

TEST_CASE("candidates that queue go on waiting") {
  measure::LifecycleLogConfig config = two_models();
  config.models[0].supersedes = false;
  Told told(config);
  told.fact(51, GatesDecided{9, std::nullopt});
  told.fact(61, GatesDecided{10, std::nullopt});
  CHECK(longest(told.metrics(), "release.waiting") == Values{49 * kHour, 2, 2});
}

TEST_CASE("verdicts are held against what only the simulation knows") {
  Told told(two_models());
  told.fact(24, verdict(Outcome::passed));
  told.fact(24, verdict(Outcome::passed, 0.949));    // bad: more than 5% below
  told.fact(24, verdict(Outcome::passed, 0.95));     // neither bad nor good
  told.fact(24, verdict(Outcome::passed, 1, 0.02));  // errors
  told.fact(24, verdict(Outcome::passed, 1, 0.01));
  told.fact(24, verdict(Outcome::passed, 1, 0, 1.3));  // slow
  told.fact(26, verdict(Outcome::failed));             // good
  told.fact(26, verdict(Outcome::failed, 0.98));
  told.fact(26, verdict(Outcome::failed, 0.99, 0, 1.05));  // good as well
  told.fact(26, verdict(Outcome::failed, 1, 0, 1.06));
  told.fact(26, verdict(Outcome::failed, 1, 0.0001));  // the baseline has none
  told.fact(28, verdict(Outcome::marginal, 0.9));
  CanaryDecided approved = verdict(Outcome::passed, 0.9);
  approved.by_person = true;
  told.fact(29, approved);
  CanaryDecided taken_back = verdict(Outcome::failed);
  taken_back.by_person = true;
  told.fact(29, taken_back);
  told.fact(29, verdict(Outcome::ended, 0.5));
  CanaryDecided no_data = verdict(Outcome::failed, 0.98);
  no_data.no_data = true;
  told.fact(21, no_data, 1);
  const Metrics metrics = told.metrics();
  CHECK(values(metrics, {"canary.passed", "canary.failed", "canary.marginal", "canary.no_data",
                         "canary.false_pass", "canary.false_fail"}) == Values{6, 6, 1, 1, 4, 2});
  // Six of 4 h, five of 6 h, one of 8 h and one of 1 h.
  CHECK(values(metrics, {"canary.duration.mean", "canary.duration.max", "canary.duration.count"}) ==
        Values{63 * kHour / 13, 8 * kHour, 13});
  CHECK(metrics.at("model.search.canary.failed") == 1);
}

TEST_CASE("from where on a candidate is bad is a setting") {
  measure::LifecycleLogConfig config = two_models();
  config.bad = {0.2, 0.05, 2};
  Told told(config);
  told.fact(24, verdict(Outcome::passed, 0.81, 0.05, 2));
  told.fact(24, verdict(Outcome::passed, 0.79));
  CHECK(told.metrics().at("canary.false_pass") == 1);
}

TEST_CASE("a rollback takes from its trigger until it has recovered, or to the end of the run") {
  const Duration limit = Duration::minutes(5);
  Told told(two_models());
  const auto minutes = [](std::int64_t m) { return hour(20) + Duration::minutes(m); };
  told.fact(minutes(0), RollbackTriggered{"serving-errors", 2, hour(14), limit, minutes(0)});
  told.fact(minutes(4), RollbackRecovered{"serving-errors", 2, minutes(0), limit});
  told.fact(minutes(10), RollbackTriggered{"serving-errors", 3, hour(9), limit, minutes(10)}, 1);
  told.fact(minutes(16), RollbackRecovered{"serving-errors", 3, minutes(10), limit}, 1);
  // A person had to confirm, half an hour later.
  told.fact(minutes(90),
            RollbackTriggered{"engagement-drop", 4, hour(15), Duration::hours(1), minutes(60)});
  told.fact(minutes(91), RollbackRecovered{"engagement-drop", 4, minutes(60), Duration::hours(1)});
  told.fact(30, RollbackTriggered{"canary-failure", 5, hour(29), std::nullopt, hour(30)});
  told.fact(99, RollbackTriggered{"serving-errors", 6, hour(89), limit, hour(99)});
  told.fact(50, RollbackRefused{"serving-errors", 1});
  // A candidate that no router had applied yet.
  told.fact(60, RollbackTriggered{"canary-failure", 7, hour(61), std::nullopt, hour(60)}, 1);
  told.fact(60, RollbackRecovered{"canary-failure", 7, hour(60), std::nullopt}, 1);
  const Metrics metrics = told.metrics();
  CHECK(values(metrics, {"rollback.count", "rollback.refused", "rollback.late",
                         "model.rec.rollback.late"}) == Values{6, 1, 2, 1});
  // 4, 6 and 31 minutes; 70 hours and one so far.
  CHECK(longest(metrics, "rollback.recovery") == Values{70 * kHour, 6, 2});
  CHECK(values(metrics,
               {"rollback.serving-errors.recovery.max", "rollback.engagement-drop.recovery.max",
                "rollback.canary-failure.recovery.max"}) == Values{3600, 31 * 60, 70 * kHour});
  // 6 h, 6 h, 1 h and 10 h; one began in the warm-up.
  CHECK(values(metrics, {"rollback.detection.max", "rollback.detection.count",
                         "rollback.engagement-drop.detection.max"}) ==
        Values{10 * kHour, 4, 6 * kHour});
  CHECK(values(metrics, {"rollback.serving-errors.count", "rollback.engagement-drop.count",
                         "rollback.canary-failure.count"}) == Values{3, 1, 2});
}

TEST_CASE("persons, signals and broken invariants are counted") {
  using Fate = SignalFate::Fate;
  Told told(two_models());
  told.fact(20, PersonAsked{2, hour(21)});
  told.fact(30, PersonAsked{3, hour(33), true});
  told.fact(8, PersonAsked{4, hour(200)}, 1);   // before what is measured
  told.fact(99, PersonAsked{5, hour(200)}, 1);  // not answered when the run ends
  for (const Fate fate : {Fate::sent, Fate::sent, Fate::sent, Fate::sent, Fate::sent, Fate::lost,
                          Fate::lost, Fate::lost, Fate::lost, Fate::duplicated, Fate::duplicated,
                          Fate::duplicated, Fate::redelivered, Fate::redelivered, Fate::ignored}) {
    told.fact(50, SignalFate{SignalType::model_trained, fate});
  }
  told.fact(51, Violated{"I1", "two pointers"});
  const Metrics metrics = told.metrics();
  CHECK(values(metrics, {"person.asked", "person.escalated"}) == Values{4, 1});
  CHECK(longest(metrics, "person.wait") == Values{3 * kHour, 3, 1});
  CHECK(values(metrics, {"signals.sent", "signals.lost", "signals.duplicated",
                         "signals.redelivered", "signals.ignored"}) == Values{5, 4, 3, 2, 1});
  CHECK(values(metrics, {"release.violations", "model.rec.release.violations",
                         "model.search.release.violations"}) == Values{1, 1, 0});
}

}  // namespace rehearse::test
