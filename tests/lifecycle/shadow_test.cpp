// Candidates that answer copies of requests before they meet members.
#include "lifecycle/shadow.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "deed_words.hpp"
#include "lifecycle_run.hpp"

using namespace rehearse;
using namespace rehearse::lifecycle;

namespace {

ModelSettings shadowing_model(std::optional<Defect> defect = {}) {
  ModelSettings settings;
  settings.world = pinned_world();
  settings.training.every = Duration::hours(6);
  settings.training.cap = {1, Duration::days(30)};
  settings.release.shadow = ShadowSettings{};
  if (defect) settings.defects = {{2, *defect}};
  return settings;
}

ShadowReport report(std::uint64_t requests, std::uint64_t errors, double latency) {
  return {{{100'000, 100, 0, 0}, 0.16}, {{requests, errors, 0, 0}, latency}};
}

std::vector<std::string> states(const Run& run) { return set_to(run.deeds, "rec-v2"); }

}  // namespace

TEST_CASE("a shadow fails with too many errors or answers that are too slow") {
  const ShadowSettings settings;
  REQUIRE_FALSE(fails(settings, report(1000, 10, 0.2)));
  REQUIRE(fails(settings, report(1000, 11, 0.16)).value().find("errors") != std::string::npos);
  REQUIRE(fails(settings, report(1000, 0, 0.201)).value().find("latency") != std::string::npos);
  REQUIRE_FALSE(fails(settings, report(0, 0, 0)));
  ShadowReport alone = report(1000, 0, 0.5);
  alone.production = {};
  REQUIRE_FALSE(fails(settings, alone));
}

TEST_CASE("a candidate that does well in its shadow goes on to its canary") {
  Run run({shadowing_model()});
  run.until(day(1));
  REQUIRE(states(run) == std::vector<std::string>{"CANDIDATE", "SHADOW", "CANARY", "PRODUCTION"});
  const CanaryLaunched launched = facts_of<CanaryLaunched>(run.facts).at(0);
  const CanaryDecided decided = facts_of<CanaryDecided>(run.facts).at(0);
  // Nothing is loaded a second time: only the routers' delays are between shadow and canary.
  CHECK(decided.launched - launched.registered > Duration::hours(1));
  CHECK(decided.launched - launched.registered < Duration::hours(1) + Duration::minutes(4));
}

TEST_CASE("members see nothing of a shadow") {
  ModelSettings plain = shadowing_model();
  plain.release.shadow.reset();
  plain.training.every = {};
  Run shadowed({shadowing_model()}), without({plain});
  const auto at_launch = [&] { return !facts_of<CanaryLaunched>(shadowed.facts).empty(); };
  while (!at_launch()) shadowed.step();
  const auto of_hours = [](const Run& run, Time until) {
    std::map<std::int64_t, learning::ArmCounts> counts;
    for (const lifecycle::Served& span : run.served) {
      if (span.until > until) continue;
      REQUIRE(span.arms.size() == 1);
      REQUIRE(span.arms[0].role == Role::production);
      counts[learning::Hour::of(span.from).number] += span.arms[0].counts;
    }
    return counts;
  };
  const Time end = learning::Hour::of(shadowed.served.back().until).start();
  without.until(end);
  const auto seen = of_hours(shadowed, end), expected = of_hours(without, end);
  REQUIRE(seen.at(3) == expected.at(3));  // before anything is trained
  // Segments are cut otherwise while it lasts, so counts agree in distribution alone.
  learning::ArmCounts sum, sum_without;
  for (const auto& [hour, counts] : seen) sum += counts;
  for (const auto& [hour, counts] : expected) sum_without += counts;
  CHECK(std::abs(double(sum.clicks) - double(sum_without.clicks)) <
        6 * std::sqrt(double(sum.clicks)));
}

TEST_CASE("errors and slowness are found in the shadow, before any member is served") {
  const Defect defects[] = {Crash{0.05, {}}, Slow{1.5}};
  for (const Defect& defect : defects) {
    Run run({shadowing_model(defect)});
    run.until(day(1));
    CAPTURE(to_string(defect));
    REQUIRE(states(run) == std::vector<std::string>{"CANDIDATE", "SHADOW", "ROLLED_BACK"});
    REQUIRE(decided(run.facts, CanaryDecided::Outcome::failed) == 1);
    REQUIRE(facts_of<CanaryLaunched>(run.facts).empty());
    REQUIRE(run.model().traffic().by_version().size() == 1);
    REQUIRE(run.rollbacks.at(0).begun.procedure == "canary-failure");
    REQUIRE_FALSE(run.rollbacks[0].late());
    REQUIRE_FALSE(run.model().flow().under_way());
  }
}

TEST_CASE("a shadow cannot see what members would click") {
  Run run({shadowing_model(Swap{})});
  run.until(day(1));
  REQUIRE(states(run) == std::vector<std::string>{"CANDIDATE", "SHADOW", "CANARY", "ROLLED_BACK"});
}

TEST_CASE("a shadow that nobody measured says nothing") {
  Run run({shadowing_model(Crash{0.05, {}})});
  Conditions blind;
  blind.unmeasured = {Role::canary};
  run.life.conditions(blind, Time{});
  run.until(day(1));
  REQUIRE(states(run) == std::vector<std::string>{"CANDIDATE", "SHADOW", "CANARY", "ROLLED_BACK"});
  REQUIRE(facts_of<CanaryDecided>(run.facts).at(0).no_data);
}
