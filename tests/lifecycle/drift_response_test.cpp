// What watching a model is worth, by kind of drift: engagement lost over the days after it, with
// shipped policies and settings, against the same model unwatched.
#include <algorithm>
#include <catch2/catch.hpp>

#include "facts_of.hpp"
#include "lifecycle/lifecycle.hpp"
#include "trained_model.hpp"

using namespace rehearse;
using namespace rehearse::lifecycle;
using namespace rehearse::learning;

namespace {

constexpr int kDriftDay = 20;
constexpr Hour kFrom = Hour::of(Time{} + Duration::days(kDriftDay));
constexpr Hour kTo = Hour::of(Time{} + Duration::days(60));

Drift turning(DriftKind kind) {
  Drift drift;
  drift.at = kFrom.start();
  drift.kind = kind;
  drift.over = kind == DriftKind::sudden ? Duration{} : Duration::days(20);
  drift.of = DriftOf::concept_;
  drift.rotate = 45;
  return drift;
}

ModelSettings model_with(const Drift& drift, bool watched) {
  ModelSettings settings;
  settings.world = pinned_world();
  settings.world.drifts = {drift};
  for (const drift::Policy& policy : drift::shipped_policies()) {
    const bool of_rec = policy.name == "mdl-rec-data" || policy.name == "mdl-rec-concept";
    if (watched && of_rec) settings.monitors.push_back({policy, policy.watch.value().what});
  }
  return settings;
}

struct Outcome {
  double lost = 0;
  int runs = 0, wasted = 0;
  std::vector<double> alerts;  ///< days
};

/// What happened to a model, and what it has served since the drift.
struct Seen {
  double earned = 0, possible = 0;
  Facts facts;

  void add(Lifecycle& life) {
    for (Fact& fact : life.take_facts()) facts.push_back(std::move(fact));
    for (const lifecycle::Served& span : life.take_served()) {
      if (span.from < kFrom.start()) continue;
      for (const ServedArm& arm : span.arms) earned += arm.expected_clicks;
      possible += span.bound_clicks;
    }
  }
};

Outcome outcome_of(std::uint64_t seed, const ModelSettings& settings) {
  Lifecycle life({{settings}, 8, {}}, seed, 0);
  Seen seen;
  while (life.next_wakeup() <= kTo.start()) {
    life.advance(life.next_wakeup());
    seen.add(life);
  }
  Outcome outcome;
  outcome.lost = 1 - seen.earned / seen.possible;
  outcome.runs = int(facts_of<TrainingStarted>(seen.facts).size());
  outcome.wasted = count_of<Promoted>(seen.facts, [](const Promoted& one) {
    return one.engagement < 1.01 * one.engagement_before;
  });
  for (const Record& record : life.lineage().records()) {
    if (record.what != What::alert) continue;
    outcome.alerts.push_back(record.at.to_seconds() / 86400 - kDriftDay);
  }
  return outcome;
}

std::vector<Outcome> outcomes(int seeds, const ModelSettings& settings) {
  std::vector<Outcome> all;
  for (int seed = 1; seed <= seeds; ++seed) {
    all.push_back(outcome_of(std::uint64_t(seed), settings));
  }
  return all;
}

int with_at_most(const std::vector<Outcome>& all, double bound) {
  return int(
      std::count_if(all.begin(), all.end(), [&](const Outcome& one) { return one.lost <= bound; }));
}

double mean_lost(const std::vector<Outcome>& all) {
  double sum = 0;
  for (const Outcome& one : all) sum += one.lost;
  return sum / double(all.size());
}

void check_sudden(int seeds) {
  const auto watched = outcomes(seeds, model_with(turning(DriftKind::sudden), true));
  const auto unwatched = outcomes(seeds, model_with(turning(DriftKind::sudden), false));
  const auto in_time = std::count_if(watched.begin(), watched.end(), [](const Outcome& one) {
    return !one.alerts.empty() && one.alerts.front() == 3;
  });
  CAPTURE(seeds, mean_lost(watched), mean_lost(unwatched));
  CHECK(in_time == seeds);
  CHECK(with_at_most(watched, 0.03) >= 0.95 * seeds);
  CHECK(with_at_most(unwatched, 0.13) == 0);
}

void check_incremental(int seeds) {
  const auto watched = outcomes(seeds, model_with(turning(DriftKind::incremental), true));
  const auto unwatched = outcomes(seeds, model_with(turning(DriftKind::incremental), false));
  CAPTURE(seeds, mean_lost(watched), mean_lost(unwatched), with_at_most(watched, 0.05));
  CHECK(with_at_most(watched, 0.05) >= 0.9 * seeds);
  CHECK(with_at_most(unwatched, 0.085) == 0);
}

void check_gradual(int seeds) {
  const auto watched = outcomes(seeds, model_with(turning(DriftKind::gradual), true));
  const auto unwatched = outcomes(seeds, model_with(turning(DriftKind::gradual), false));
  CAPTURE(seeds, mean_lost(watched), mean_lost(unwatched), with_at_most(watched, 0.08));
  CHECK(mean_lost(watched) >= 0.045);
  CHECK(mean_lost(watched) <= 0.058);
  CHECK(with_at_most(watched, 0.08) >= 0.95 * seeds);
  CHECK(with_at_most(unwatched, 0.10) == 0);
}

/// Fewer clicks whatever is shown: retraining mends nothing.
void check_label(int seeds) {
  Drift drift;
  drift.at = kFrom.start();
  drift.of = DriftOf::label;
  drift.logit = -0.4;
  const auto watched = outcomes(seeds, model_with(drift, true));
  const auto unwatched = outcomes(seeds, model_with(drift, false));
  int runs = 0, wasted = 0;
  for (const Outcome& one : watched) {
    runs += one.runs;
    wasted += one.wasted;
  }
  CAPTURE(seeds, mean_lost(watched), mean_lost(unwatched), runs, wasted);
  CHECK(std::abs(mean_lost(watched) - mean_lost(unwatched)) < 0.005);
  CHECK(runs >= seeds);
  CHECK(wasted >= 0.95 * runs);
}

}  // namespace

TEST_CASE("a relation that turns at once costs little when it is watched") { check_sudden(10); }
TEST_CASE("a relation that turns slowly costs less when it is watched") { check_incremental(10); }
TEST_CASE("a relation that turns for more and more requests costs less when it is watched") {
  check_gradual(10);
}
TEST_CASE("retraining mends no clicks that are lost whatever is shown") { check_label(10); }

TEST_CASE("what is lost to drift, of 400 seeds each", "[long]") {
  SECTION("sudden") { check_sudden(400); }
  SECTION("incremental") { check_incremental(400); }
  SECTION("gradual") { check_gradual(400); }
  SECTION("label") { check_label(400); }
}
