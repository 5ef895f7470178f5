// What a lifecycle tells to those who measure it and answer it.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "learning/engagement.hpp"
#include "lifecycle_run.hpp"

using namespace rehearse;
using namespace rehearse::lifecycle;
using learning::Hour;

namespace {

double earned(const Run& run, std::int64_t version, Time at) {
  const auto worlds = run.model().population().at(Hour::of(at));
  return learning::expected_engagement(worlds, {run.model().flow().version(version).model.weights},
                                       {});
}

/// 3 deviations of the first feature, which two policies see.
ModelSettings shifted_model() {
  ModelSettings settings = watched_model();
  learning::Drift drift;
  drift.at = day(2);
  drift.features = {2};
  drift.shift = 3;
  settings.world.drifts = {drift};
  WatchingPolicy again = settings.monitors.front();
  again.policy.name = "again";
  settings.monitors.push_back(again);
  return settings;
}

}  // namespace

TEST_CASE("spans of what was served follow each other and hold every request") {
  Run run({rotated_model()});
  run.until(day(kDriftDay + 5));
  learning::ArmCounts sum;
  double expected = 0;
  Time end;
  for (const lifecycle::Served& span : run.served) {
    REQUIRE(span.from == end);
    end = span.until;
    for (const ServedArm& arm : span.arms) {
      sum += arm.counts;
      expected += arm.expected_clicks;
    }
  }
  REQUIRE(end == day(kDriftDay + 5));
  REQUIRE(sum == run.model().traffic().total());
  CHECK(std::abs(double(sum.clicks) - expected) < 4 * std::sqrt(expected));
}

TEST_CASE("a span's bound is that of the best ranking, with and without exploration") {
  ModelSettings settings = rotated_model();
  learning::Drift& drift = settings.world.drifts[0];
  drift.kind = learning::DriftKind::gradual;
  drift.over = Duration::days(2);
  drift.at = day(1);
  Run run({settings});
  run.until(day(4));
  for (const lifecycle::Served& span : run.served) {
    const Hour hour = Hour::of(span.from);
    const auto worlds = run.model().population().at(hour);
    const double requests = learning::intensity({}, hour) * (span.until - span.from).to_seconds();
    REQUIRE(span.bound_clicks ==
            Approx(requests * learning::engagement_bound(worlds, {})).epsilon(1e-12));
    REQUIRE(span.bound_clicks_unexplored ==
            Approx(requests * learning::engagement_bound(worlds, {5, 0})).epsilon(1e-12));
    REQUIRE(span.arms.size() == 1);
    const double sound = 0.999 * (1 - chances_of(run.model().flow().version(1), 0, {}).slow);
    REQUIRE(span.arms[0].expected_clicks ==
            Approx(requests * sound * earned(run, 1, span.from)).epsilon(1e-9));
  }
}

TEST_CASE("facts tell a retraining from its alert to its promotion") {
  Run run({rotated_model()});
  run.until(day(kDriftDay + 5));
  const auto responses = facts_of<Responded>(run.facts);
  REQUIRE(responses.size() == 1);
  REQUIRE((responses[0].policy == "mdl-rec-concept" && !responses[0].held_back));
  REQUIRE(asked(run.facts, TrainingAsked::Fate::queued) == 1);
  const TrainingStarted started = facts_of<TrainingStarted>(run.facts).at(0);
  REQUIRE(started.version == 2);
  REQUIRE(started.asked > day(kDriftDay + 3));
  const TrainingEnded ended = facts_of<TrainingEnded>(run.facts).at(0);
  REQUIRE((ended.succeeded && ended.started >= started.asked));
  REQUIRE_FALSE(facts_of<GatesDecided>(run.facts).at(0).rejected_by);
  const CanaryLaunched launched = facts_of<CanaryLaunched>(run.facts).at(0);
  REQUIRE(launched.registered - launched.trained > Duration::minutes(10));
  const Time promoted_at = *run.model().flow().promoted_at(2);
  const CanaryDecided decided = facts_of<CanaryDecided>(run.facts).at(0);
  REQUIRE(decided.outcome == CanaryDecided::Outcome::passed);
  REQUIRE(promoted_at - decided.launched > Duration::hours(4));
  // The world does not change meanwhile, so averages are what holds.
  REQUIRE(decided.engagement == Approx(earned(run, 2, promoted_at)).epsilon(1e-12));
  REQUIRE(decided.baseline_engagement == Approx(earned(run, 1, promoted_at)).epsilon(1e-12));
  const Promoted promoted = facts_of<Promoted>(run.facts).at(0);
  REQUIRE((promoted.version == 2 && promoted.over == 1));
  REQUIRE(promoted.engagement == earned(run, 2, promoted_at));
  REQUIRE(promoted.engagement_before == earned(run, 1, promoted_at));
  REQUIRE(promoted.median_row == run.model().flow().version(2).median);
  const int fates = count_of<SignalFate>(
      run.facts, [](const SignalFate& one) { return one.fate == SignalFate::Fate::sent; });
  REQUIRE(fates == 3);  // drift_detected, model_trained, canary_passed
}

TEST_CASE("what a canary earned is averaged over its time") {
  ModelSettings settings = rotated_model();
  learning::Drift moving = settings.world.drifts[0];
  moving.of = learning::DriftOf::label;
  moving.kind = learning::DriftKind::recurring;
  moving.period = Duration::hours(6);
  moving.logit = -1;
  settings.world.drifts.push_back(moving);
  Run run({settings});
  run.until(day(kDriftDay + 6));
  const CanaryDecided decided = facts_of<CanaryDecided>(run.facts).at(0);
  const auto ended = run.model().flow().line().token("v2").history();
  double sum = 0, seconds = 0;
  for (const lifecycle::Served& span : run.served) {
    for (const ServedArm& arm : span.arms) {
      if (arm.role != Role::canary || span.until > ended.back().time) continue;
      sum += (span.until - span.from).to_seconds() * earned(run, 2, span.from);
      seconds += (span.until - span.from).to_seconds();
    }
  }
  REQUIRE(seconds > 4 * 3600.0);
  CHECK(decided.engagement == Approx(sum / seconds).epsilon(1e-3));
  CHECK(std::abs(decided.engagement - earned(run, 2, decided.launched)) > 1e-3);
}

TEST_CASE("drift of a feature asks for its consumers, once at an instant") {
  Run run({shifted_model()});
  run.until(day(3));
  const int responses = int(facts_of<Responded>(run.facts).size());
  REQUIRE(responses >= 2);
  REQUIRE_FALSE(run.inquiries.empty());
  REQUIRE(int(run.inquiries.size()) < responses);
  std::int64_t number = 0;
  for (const Inquiry& one : run.inquiries) {
    REQUIRE(one.number == ++number);
    REQUIRE(one.occasion == Occasion::drift);
    REQUIRE((one.ask == "consumers" && one.type == "Feature" && one.id == "rec-x2"));
    REQUIRE(run.life.lineage().at(one.cause).what == What::alert);
  }
}

TEST_CASE("an answer is held with what it missed and what was outdated in it") {
  Run run({shifted_model()});
  run.until(day(3));
  const Inquiry first = run.inquiries.at(0);
  const Time now = day(3);
  run.life.told(first.number, {{"aip://model/registry/a"}, {}, {}}, now);
  const Record right = run.life.lineage().records().back();
  REQUIRE(right.what == What::question);
  REQUIRE(right.cause == first.cause);
  REQUIRE(right.detail == "consumers rec-x2: right");
  const Told wrong{{"x", "y"}, {"aip://model/registry/rec"}, {"x", "y"}};
  REQUIRE(describe(first, wrong) ==
          "consumers rec-x2: missed aip://model/registry/rec; outdated x, y");
}
