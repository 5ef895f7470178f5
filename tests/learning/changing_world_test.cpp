#include "learning/changing_world.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.hpp"
#include "stats/random.hpp"

using namespace rehearse;
using namespace rehearse::learning;
using Values = std::vector<double>;

namespace {

Time day(double days) { return Time{} + Duration::from_seconds(days * 86400); }

Drift drift_of(DriftKind kind, DriftOf of) {
  Drift drift;
  drift.at = day(2);
  drift.kind = kind;
  drift.of = of;
  drift.over = Duration::days(10);
  drift.period = Duration::days(4);
  drift.features = {1, 2};
  drift.shift = 2;
  drift.rotate = 45;
  drift.logit = -0.4;
  drift.rate = 0.3;
  return drift;
}

WorldSettings with(std::vector<Drift> drifts) {
  WorldSettings settings;
  settings.drifts = std::move(drifts);
  return settings;
}

double dot(const Values& a, const Values& b) {
  double sum = 0;
  for (std::size_t j = 0; j < a.size(); ++j) sum += a[j] * b[j];
  return sum;
}

double degrees_between(const Values& a, const Values& b) {
  return std::acos(dot(a, b) / std::sqrt(dot(a, a) * dot(b, b))) * 180 / 3.14159265358979323846;
}

World only(const ChangingWorld& world, Time at) {
  const Worlds worlds = world.at(Hour::of(at));
  REQUIRE(worlds.size() == 1);
  REQUIRE(worlds[0].share == 1);
  return worlds[0].world;
}

std::string refusal(WorldSettings settings) {
  try {
    ChangingWorld("m", std::move(settings));
  } catch (const InputError& error) {
    return error.message();
  }
  return "";
}

Drift random_drift(stats::Stream& stream, bool gradual) {
  Drift drift = drift_of(DriftKind(stream.below(4)), DriftOf(stream.below(4)));
  if (drift.kind == DriftKind::gradual && !gradual) drift.kind = DriftKind::incremental;
  drift.at = day(20 * stream.uniform() - 2);
  drift.over = Duration::from_seconds(stream.uniform() * 5 * 86400);
  drift.period = Duration::from_seconds(3600 + stream.uniform() * 86400);
  drift.shape = Wave(stream.below(2));
  if (stream.chance(0.5)) {
    drift.until = drift.at + Duration::from_seconds(stream.uniform() * 10 * 86400);
  }
  return drift;
}

}  // namespace

TEST_CASE("drawn weights are as long as asked for and depend on the model alone") {
  WorldSettings settings;
  settings.relation.strength = 2.5;
  const ChangingWorld world("rec", settings), same("rec", settings), other("search", settings);
  const Values& weights = world.initial().weights;
  REQUIRE(weights.size() == 8);
  REQUIRE(std::sqrt(dot(weights, weights)) == Approx(2.5).epsilon(1e-12));
  REQUIRE(weights == same.initial().weights);
  REQUIRE(weights != other.initial().weights);
  settings.relation.weights = {1, 0, 0, 2, 0, 0, 0, -1};
  REQUIRE(ChangingWorld("rec", settings).initial().weights == settings.relation.weights);
}

TEST_CASE("each kind of drift moves as its factor says") {
  Drift sudden = drift_of(DriftKind::sudden, DriftOf::label);
  sudden.until = day(6);
  REQUIRE(progress(sudden, day(2) - Duration{1}) == 0);
  REQUIRE(progress(sudden, day(2)) == 1);
  REQUIRE(progress(sudden, day(6) - Duration{1}) == 1);
  REQUIRE(progress(sudden, day(6)) == 0);
  for (const DriftKind kind : {DriftKind::incremental, DriftKind::gradual}) {
    const Drift slow = drift_of(kind, DriftOf::label);
    REQUIRE(progress(slow, day(2)) == 0);
    REQUIRE(progress(slow, day(7)) == 0.5);
    REQUIRE(progress(slow, day(12)) == 1);
    REQUIRE(progress(slow, day(99)) == 1);
    REQUIRE(*completed(slow) == day(12));
  }
  Drift wave = drift_of(DriftKind::recurring, DriftOf::label);
  REQUIRE(progress(wave, day(2)) == 0);
  REQUIRE(progress(wave, day(3)) == Approx(0.5));
  REQUIRE(progress(wave, day(4)) == 1);
  REQUIRE(progress(wave, day(10)) == 0);
  wave.shape = Wave::square;
  REQUIRE(progress(wave, day(3.9)) == 0);
  REQUIRE(progress(wave, day(4)) == 1);
  REQUIRE(progress(wave, day(5.9)) == 1);
  REQUIRE(progress(wave, day(6)) == 0);
  REQUIRE_FALSE(completed(wave).has_value());
  REQUIRE(*completed(sudden) == day(2));
}

TEST_CASE("a covariate drift moves means in initial deviations and scales deviations") {
  Drift drift = drift_of(DriftKind::incremental, DriftOf::covariate);
  drift.scale = 3;
  const ChangingWorld world("m", with({drift, drift}));
  const World half = only(world, day(7));
  REQUIRE(half.mean == Values{0, 2, 2, 0, 0, 0, 0, 0});  // two moves of 1
  REQUIRE(half.deviation == Values{1, 4, 4, 1, 1, 1, 1, 1});
  REQUIRE(half.weights == world.initial().weights);
  REQUIRE(only(world, day(1)) == world.initial());
}

TEST_CASE("a concept drift turns the weights by its angle and keeps their length") {
  const ChangingWorld world("m", with({drift_of(DriftKind::incremental, DriftOf::concept_)}));
  const Values& before = world.initial().weights;
  for (const double days : {3.0, 7.0, 12.0}) {
    const Values after = only(world, day(days)).weights;
    REQUIRE(dot(after, after) == Approx(dot(before, before)).epsilon(1e-12));
    REQUIRE(degrees_between(before, after) == Approx(4.5 * (days - 2)).epsilon(1e-9));
  }
}

TEST_CASE("label and missing drifts move the intercept and the chances of absence") {
  Drift other = drift_of(DriftKind::sudden, DriftOf::missing);
  other.features = {2};
  other.rate = 0.5;
  const ChangingWorld world("m", with({drift_of(DriftKind::sudden, DriftOf::label),
                                       drift_of(DriftKind::sudden, DriftOf::missing), other}));
  const World after = only(world, day(2));
  REQUIRE(after.intercept == Approx(-2.4));
  REQUIRE(after.absent[1] == Approx(0.3));
  REQUIRE(after.absent[2] == Approx(1 - 0.7 * 0.5));
  REQUIRE(after.absent[0] == 0);
}

TEST_CASE("while a gradual drift is under way two worlds share the requests") {
  const Drift label = drift_of(DriftKind::sudden, DriftOf::label);
  Drift later = drift_of(DriftKind::gradual, DriftOf::concept_);
  later.at = day(20);
  const ChangingWorld world("m",
                            with({label, drift_of(DriftKind::gradual, DriftOf::covariate), later}));
  const Worlds half = world.at(Hour::of(day(7)));
  REQUIRE(half.size() == 2);
  REQUIRE(half[0].share + half[1].share == 1);
  REQUIRE(half[1].share == 0.5);
  REQUIRE((half[0].moved_by == 0 && half[1].moved_by == 2));
  REQUIRE(half[0].world.mean[1] == 0);
  REQUIRE(half[1].world.mean[1] == 2);
  REQUIRE((half[0].world.intercept == -2.4 && half[1].world.intercept == -2.4));
  const Worlds done = world.at(Hour::of(day(12)));
  REQUIRE((done.size() == 1 && done[0].moved_by == 2));
  const Worlds second = world.at(Hour::of(day(25)));
  REQUIRE((second.size() == 2 && second[0].moved_by == 2 && second[1].moved_by == 3));
  REQUIRE(world.at(Hour::of(day(40)))[0].moved_by == 3);
}

TEST_CASE("the world stays as it is until the next change that was announced") {
  stats::Stream stream(71, 0, "drifts");
  for (int run = 0; run < 60; ++run) {
    CAPTURE(run);
    std::vector<Drift> drifts = {random_drift(stream, true)};
    for (std::uint64_t more = stream.below(3); more > 0; --more) {
      drifts.push_back(random_drift(stream, false));
    }
    const ChangingWorld world("m", with(drifts));
    Hour hour = Hour::of(day(-3));
    while (hour < Hour::of(day(22))) {
      const std::optional<Hour> next = world.next_change(hour);
      REQUIRE((!next || *next > hour));
      const Worlds now = world.at(hour);
      const Hour until = next.value_or(Hour::of(day(30)));
      for (Hour other = hour.next(); other < until; other = other.next()) {
        REQUIRE(world.at(other) == now);
      }
      hour = until;
    }
  }
}

TEST_CASE("hours before 0 hold the times before the start") {
  REQUIRE(Hour::of(Time{-1}) == Hour{-1});
  REQUIRE(Hour::of(Time{}) == Hour{0});
  REQUIRE(Hour::of(Time{} - Duration::hours(2)) == Hour{-2});
  REQUIRE(Hour{-2}.start() == Time{} - Duration::hours(2));
  const Duration hour = Duration::hours(1);
  REQUIRE(middle_of_part(Hour{1}.start(), hour, 0, 2) == Time{} + Duration::minutes(75));
  REQUIRE(middle_of_part(Hour{-1}.start(), hour, 3, 4) == Time{} - Duration::seconds(450));
}

TEST_CASE("settings that make no world are refused") {
  Drift drift = drift_of(DriftKind::sudden, DriftOf::covariate);
  drift.features = {};
  REQUIRE(refusal(with({drift})) == "drifts/0: covariate and missing drifts need \"features\"");
  drift.features = {8};
  REQUIRE(refusal(with({drift})) == "drifts/0: there is no feature 8; the relation has 8");
  drift = drift_of(DriftKind::recurring, DriftOf::label);
  drift.period = {};
  REQUIRE(refusal(with({drift})) == "drifts/0: a recurring drift needs a \"period\" above 0");
  WorldSettings settings = with({drift_of(DriftKind::sudden, DriftOf::concept_)});
  settings.features = 1;
  settings.drifts[0].features = {};
  REQUIRE(refusal(settings).find("needs two features") != std::string::npos);
  const Drift gradual = drift_of(DriftKind::gradual, DriftOf::label);
  REQUIRE(refusal(with({gradual, gradual})).find("one gradual drift at a time") !=
          std::string::npos);
  drift = drift_of(DriftKind::sudden, DriftOf::missing);
  drift.features = {0, 1, 2, 3, 4};
  REQUIRE(refusal(with({drift})).find("at most 4 may") != std::string::npos);
  drift.rate = 1;
  REQUIRE(refusal(with({drift})).empty());
  settings = {};
  settings.relation.weights = {1, 2};
  REQUIRE(refusal(settings) == "2 weights for 8 features");
  settings = {};
  settings.relation.curvature = {8, -0.25};
  REQUIRE(refusal(settings) == "the curvature is of feature 8; the relation has 8");
}
