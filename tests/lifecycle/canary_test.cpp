// Canaries by hand, and candidates with defects against the shipped configuration.
#include "lifecycle/canary.hpp"

#include <catch2/catch.hpp>
#include <map>

#include "learning/engagement.hpp"
#include "lifecycle/defects.hpp"
#include "trained_model.hpp"

using namespace rehearse;
using namespace rehearse::lifecycle;
using namespace rehearse::learning;

namespace {

using Outcome = Look::Outcome;

Time hour(double count) { return Time{} + Duration::from_seconds(3600 * count); }

/// 150 requests a minute, some of which are errors or clicks.
ArmMinute of(std::uint64_t errors, std::uint64_t clicks, double p99 = 0.16) {
  return {{150, errors, 0, clicks}, p99};
}

/// Minutes that differ a little from each other on both sides.
void add_hour(Canary& canary, std::uint64_t errors, std::uint64_t clicks, double p99 = 0.16) {
  for (int i = 0; i < 60; ++i) {
    const auto wave = std::uint64_t(i % 7);
    canary.minute(of(0, 30 + wave, 0.16 + 0.001 * (i % 5)),
                  of(errors, clicks + (wave + 3) % 7, p99 + 0.001 * ((i + 2) % 5)));
  }
}

/// One candidate's canary, from its launch to its last look.
Look judged(std::uint64_t seed, const Defect& defect) {
  const TrainedModel model(seed);
  const AtLaunch launch{model.world.at(Hour{0}), {}};
  Version candidate;
  candidate.number = 2;
  candidate = strike(defect, candidate, model.first, launch,
                     stats::Stream(seed, 0, "lifecycle/rec/defects/2"));
  const auto earned = [&](const Version& version) {
    return expected_engagement(launch.worlds, {version.model.weights}, launch.serving);
  };
  const double engagement[] = {earned(model.first), earned(candidate)};
  const CanarySettings settings;
  Canary canary(settings, hour(80));
  for (Hour at{80};; at = at.next()) {
    stats::Stream stream = model.streams.counts(at);
    const double expected = intensity(model.log.traffic(), at) * settings.share * 60;
    for (int minute = 0; minute < 60; ++minute) {
      const ArmMinute baseline = draw_minute(stream, expected, model.first, engagement[0], {});
      canary.minute(baseline, draw_minute(stream, expected, candidate, engagement[1], {}));
    }
    Look look = canary.look(at.next().start());
    if (look.outcome != Outcome::goes_on) return look;
  }
}

int failures(const Defect& defect, int seeds) {
  int failed = 0;
  for (int seed = 1; seed <= seeds; ++seed) {
    failed += judged(std::uint64_t(seed), defect).outcome == Outcome::failed ? 1 : 0;
  }
  return failed;
}

}  // namespace

TEST_CASE("a canary like its baseline passes at its last look, not before") {
  Canary canary({}, hour(0));
  for (int look = 1; look <= 4; ++look) {
    REQUIRE(canary.next_look() == hour(look));
    add_hour(canary, 0, 30);
    const Look found = canary.look(hour(look));
    INFO(found.why);
    REQUIRE(found.outcome == (look < 4 ? Outcome::goes_on : Outcome::passed));
    REQUIRE(found.score == 100);
  }
}

TEST_CASE("a canary with errors fails at its first look") {
  Canary canary({}, hour(0));
  add_hour(canary, 5, 30);
  const Look look = canary.look(hour(1));
  REQUIRE(look.outcome == Outcome::failed);
  REQUIRE_FALSE(look.no_data);
  REQUIRE(look.why.find("errors") != std::string::npos);
}

TEST_CASE("a canary that is a little slower is marginal at the end") {
  Canary canary({}, hour(0));
  for (int look = 1; look <= 4; ++look) {
    add_hour(canary, 0, 30, 0.18);
    const Look found = canary.look(hour(look));
    INFO(found.why);
    REQUIRE(found.score == 80);
    REQUIRE(found.outcome == (look < 4 ? Outcome::goes_on : Outcome::marginal));
  }
}

TEST_CASE("without data a canary fails, goes on longer, or passes, as its settings say") {
  CanarySettings settings;
  Canary failing(settings, hour(0));
  for (int i = 0; i < 60; ++i) failing.minute({}, {});
  const Look look = failing.look(hour(1));
  REQUIRE((look.outcome == Outcome::failed && look.no_data));

  settings.no_data = NoData::pass;
  Canary passing(settings, hour(0));
  for (int i = 1; i < 4; ++i) REQUIRE(passing.look(hour(i)).outcome == Outcome::goes_on);
  REQUIRE(passing.look(hour(4)).outcome == Outcome::passed);

  settings.no_data = NoData::extend;
  Canary extended(settings, hour(0));
  REQUIRE(extended.look(hour(1)).outcome == Outcome::goes_on);
  for (int i = 2; i <= 5; ++i) {
    add_hour(extended, 0, 30);
    REQUIRE(extended.look(hour(i)).outcome == (i < 5 ? Outcome::goes_on : Outcome::passed));
  }
  Canary never(settings, hour(0));
  for (int i = 1; i <= 3; ++i) REQUIRE(never.look(hour(i)).outcome == Outcome::goes_on);
  REQUIRE(never.look(hour(4)).outcome == Outcome::failed);
}

TEST_CASE("a side without requests has no data") {
  Canary canary({}, hour(0));
  for (int i = 0; i < 60; ++i) canary.minute(ArmMinute{}, of(0, 30));
  REQUIRE(canary.look(hour(1)).no_data);
}

TEST_CASE("the chances of an answer combine its artefact, faults and what begins later") {
  Version version;
  version.late_errors = LateErrors{0.05, Duration::hours(6)};
  ServingConditions conditions;
  REQUIRE(chances_of(version, 0.2, conditions).error == Approx(0.001));
  conditions.promoted_for = Duration::hours(5);
  REQUIRE(chances_of(version, 0.2, conditions).error == Approx(0.001));
  conditions.promoted_for = Duration::hours(6);
  conditions.further_errors = 0.1;
  REQUIRE(chances_of(version, 0.2, conditions).error == Approx(1 - 0.999 * 0.95 * 0.9));
  // Median 40 ms and 99th percentile 160 ms; of 485 ms are left.
  const double slow = chances_of(version, 0.2, conditions).slow;
  REQUIRE((slow > 1e-6 && slow < 1e-4));
  version.artefact.slowness = 485.0 / 160;
  REQUIRE(chances_of(version, 0.2, conditions).slow == Approx(0.01));
}

TEST_CASE("candidates with defects fail their canaries, copies hardly ever") {
  CHECK(failures(Copy{}, 20) <= 2);
  CHECK(failures(TurnTo{-0.05}, 20) >= 18);
  CHECK(failures(Swap{}, 20) == 20);
  CHECK(failures(Crash{0.05, {}}, 20) == 20);
  CHECK(failures(Slow{1.5}, 20) == 20);
}

TEST_CASE("of 400 candidates a defect fails as many canaries as it should", "[long]") {
  CHECK(failures(Copy{}, 400) <= 14);
  const int slightly = failures(TurnTo{-0.02}, 400);
  CAPTURE(slightly);
  CHECK((slightly >= 60 && slightly <= 160));
  CHECK(failures(TurnTo{-0.05}, 400) >= 385);
  CHECK(failures(Swap{}, 400) >= 395);
  CHECK(failures(Crash{0.05, {}}, 400) >= 395);
  CHECK(failures(Slow{1.5}, 400) >= 395);
}
