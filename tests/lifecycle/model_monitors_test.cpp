// Shipped policies at work on models whose worlds drift, or do not.
#include "lifecycle/model_monitors.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "learning/engagement.hpp"
#include "trained_model.hpp"

using namespace rehearse;
using namespace rehearse::lifecycle;
using namespace rehearse::learning;

namespace {

constexpr int kStart = 20;  // the day on which worlds drift

Time day(double count) { return Time{} + Duration::from_seconds(86400 * count); }

drift::Policy shipped(const std::string& name) {
  for (const drift::Policy& policy : drift::shipped_policies()) {
    if (policy.name == name) return policy;
  }
  FAIL("no policy " << name);
  return {};
}

WatchingPolicy watching(const std::string& name) {
  const drift::Policy policy = shipped(name);
  REQUIRE(policy.watch);
  return {policy, policy.watch->what};
}

WorldSettings shifted(double shift, DriftKind kind = DriftKind::sudden) {
  WorldSettings settings = pinned_world();
  Drift drift;
  drift.at = day(kStart);
  drift.kind = kind;
  drift.over = Duration::days(10);
  drift.features = {3};
  drift.shift = shift;
  settings.drifts = {drift};
  return settings;
}

WorldSettings rotated() {
  WorldSettings settings = pinned_world();
  Drift drift;
  drift.at = day(kStart);
  drift.of = DriftOf::concept_;
  drift.rotate = 45;
  settings.drifts = {drift};
  return settings;
}

struct Dated {
  Time at;
  MonitorResponse response;
};

/// A model under watch, with its first version in production throughout.
struct Watched {
  Watched(std::uint64_t seed, const WorldSettings& settings, std::vector<WatchingPolicy> policies)
      : model(seed, settings),
        monitors(model.world, model.streams, {}, std::move(policies), model.first) {}

  /// Everything that is found until then, hour by hour.
  std::vector<Dated> until(Time end) {
    std::vector<Dated> found;
    for (; hour.start() < end; hour = hour.next()) {
      const double requests = intensity(model.log.traffic(), hour) * 3600;
      const double rate =
          expected_engagement(model.world.at(hour), {model.first.model.weights}, {});
      Stream stream = model.streams.counts(hour);
      monitors.count(draw_counts(stream, requests, {0.001, 0, rate}));
      const Time now = hour.next().start();
      if (monitors.next_check() != now) continue;
      for (MonitorResponse& one : monitors.check(now)) found.push_back({now, std::move(one)});
    }
    return found;
  }

  using Stream = stats::Stream;
  TrainedModel model;
  ModelMonitors monitors;
  Hour hour{0};
};

std::vector<WatchingPolicy> all_shipped() {
  std::vector<WatchingPolicy> policies;
  for (const drift::Policy& policy : drift::shipped_policies()) {
    policies.push_back(watching(policy.name));
  }
  return policies;
}

std::vector<double> days_of(const std::vector<Dated>& found, drift::ActionKind action,
                            bool held_back = false) {
  std::vector<double> days;
  for (const Dated& one : found) {
    if (one.response.action.kind != action || one.response.held_back != held_back) continue;
    days.push_back(one.at.to_seconds() / 86400);
  }
  return days;
}

/// Of so many seeds: those alerted at the third check after a shift of the population.
int alerted_at_third(int seeds) {
  int alerted = 0;
  for (int seed = 1; seed <= seeds; ++seed) {
    Watched watched(std::uint64_t(seed), shifted(2), {watching("mdl-rec-data")});
    const auto found = watched.until(day(kStart) + Duration::hours(4));
    const auto days = days_of(found, drift::ActionKind::alert);
    alerted += days == std::vector{kStart + 3.0 / 24} ? 1 : 0;
  }
  return alerted;
}

int alerted_of_small(int seeds) {
  int alerted = 0;
  for (int seed = 1; seed <= seeds; ++seed) {
    Watched watched(std::uint64_t(seed), shifted(0.3), {watching("mdl-rec-data")});
    alerted += watched.until(day(kStart + 1)).empty() ? 0 : 1;
  }
  return alerted;
}

/// Of so many seeds: those whose relation turns and who are told after exactly three days.
int detected_after_three_days(int seeds) {
  int detected = 0;
  for (int seed = 1; seed <= seeds; ++seed) {
    Watched watched(std::uint64_t(seed), rotated(), {watching("mdl-rec-concept")});
    const auto found = watched.until(day(kStart + 3));
    const auto days = days_of(found, drift::ActionKind::retrain);
    detected += days == std::vector<double>{kStart + 3} ? 1 : 0;
  }
  return detected;
}

int responses_without_drift(int seeds) {
  int responses = 0;
  for (int seed = 1; seed <= seeds; ++seed) {
    Watched watched(std::uint64_t(seed), pinned_world(), all_shipped());
    responses += int(watched.until(day(60)).size());
  }
  return responses;
}

}  // namespace

TEST_CASE("a feature that moves by two deviations is told at the third hourly check") {
  CHECK(alerted_at_third(20) == 20);
  Watched watched(1, shifted(2), {watching("mdl-rec-data")});
  const auto found = watched.until(day(kStart + 0.5));
  REQUIRE(found.size() == 1);
  REQUIRE(found[0].response.features == std::vector<std::size_t>{3});
  REQUIRE(found[0].response.severity > 5);
  REQUIRE(found[0].response.drift == "data");
}

TEST_CASE("a feature that moves by a third of a deviation is hardly ever told") {
  CHECK(alerted_of_small(20) <= 1);
}

TEST_CASE("a relation that turns is told after three days of lost engagement") {
  CHECK(detected_after_three_days(20) == 20);
}

TEST_CASE("without drift no shipped policy responds in 60 days") {
  CHECK(responses_without_drift(3) == 0);
}

TEST_CASE("of 400 worlds those that move are told in time, others never", "[long]") {
  CHECK(alerted_at_third(400) == 400);
  CHECK(alerted_of_small(400) <= 2);
  CHECK(detected_after_three_days(400) == 400);
}

TEST_CASE("of 400 worlds without drift none is told of in 60 days", "[long]") {
  CHECK(responses_without_drift(400) == 0);
}

TEST_CASE("drift that lasts is answered once a cool-down, within the cap") {
  Watched watched(1, shifted(2), {watching("mdl-rec-data")});
  const auto found = watched.until(day(kStart + 40));
  // After more than 24 hours; again, as nobody retrains, each cool-down of 3 days; at most 4 in 30.
  std::vector<double> runs = days_of(found, drift::ActionKind::retrain);
  REQUIRE(runs.size() >= 5);
  for (double& one : runs) one -= kStart;
  CHECK(runs[0] == Approx(1 + 2.0 / 24));
  for (std::size_t i = 1; i < 4; ++i) CHECK(runs[i] - runs[i - 1] >= 3);
  CHECK(runs[3] < 15);
  CHECK(runs[4] - runs[0] >= 30);
  CHECK_FALSE(days_of(found, drift::ActionKind::retrain, true).empty());
}

TEST_CASE("a version that was trained on the moved world is compared with that") {
  Watched watched(1, shifted(2), {watching("mdl-rec-data")});
  watched.until(day(kStart + 2));
  Version second = watched.model.first;
  second.number = 2;
  second.window_begin = day(kStart);
  second.window_end = day(kStart + 2);
  watched.monitors.renew(second, day(kStart + 2));
  REQUIRE(watched.until(day(kStart + 6)).empty());
  watched.monitors.renew(watched.model.first, day(kStart + 6));  // rolled back
  REQUIRE(watched.until(day(kStart + 6.5)).size() == 1);
}

TEST_CASE("scores and rows are compared where a policy wants them") {
  Watched watched(1, shifted(2), {watching("mdl-rec-prediction"), watching("mdl-qual-data")});
  const auto found = watched.until(day(kStart + 30));
  const auto told_by = [&](const std::string& policy) {
    return std::count_if(found.begin(), found.end(), [&](const Dated& one) {
      return one.response.policy == policy && one.at > day(kStart);
    });
  };
  CHECK(told_by("mdl-rec-prediction") >= 1);
  CHECK(told_by("mdl-qual-data") >= 1);
  for (const Dated& one : found) CHECK(one.at > day(kStart));
}

TEST_CASE("requests unlike any in the training rows are told of") {
  Watched watched(1, shifted(2, DriftKind::gradual), {watching("mdl-search-data")});
  const auto found = watched.until(day(kStart + 4));
  const auto days = days_of(found, drift::ActionKind::expand_data);
  // The moved share is 0.1 after a day; its mean over the second day is 0.145, over the third 0.25.
  REQUIRE(days == std::vector<double>{kStart + 3});
  const auto retrain = days_of(found, drift::ActionKind::retrain);
  REQUIRE(retrain == days);
}

TEST_CASE("a check without requests neither tells nor ends anything") {
  const TrainedModel model(1);
  ModelMonitors monitors(model.world, model.streams, {}, {watching("mdl-rec-concept")},
                         model.first);
  for (int i = 1; i <= 40; ++i) {
    if (i <= 20) monitors.count({1000, 0, 0, 250});
    REQUIRE(monitors.check(day(i)).empty());
  }
}
