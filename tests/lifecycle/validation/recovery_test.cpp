// How long it takes until the last router has left a version that is taken back: for errors, for a
// canary, for a drop of engagement; and with rules that take 6 minutes to reach a router.
#include <catch2/catch.hpp>
#include <limits>

#include "measured.hpp"
#include "study.hpp"

using namespace rehearse;
using namespace rehearse::lifecycle;

namespace {

constexpr const char* kStudy = "recovery";
constexpr int kOf = 200;  ///< seeds
constexpr Time kUntil = Time{} + Duration::days(24);

ModelSettings with(const Defect& defect, bool slow_rules) {
  ModelSettings settings = pinned_model();
  settings.defects = {{2, defect}};
  settings.training.every = Duration::days(20);
  if (slow_rules) {
    settings.release.routing.propagation = stats::Distribution::constant(Duration::minutes(6));
  }
  return settings;
}

/// Minutes from the trigger of a procedure to its end, and whether that is past its limit.
Line line(const std::string& procedure, const ModelSettings& settings, const std::string& how,
          const Faults& faults = {}) {
  const auto measure = [=](std::uint64_t seed) -> Figures {
    const Measured measured = run(settings, seed, kUntil, faults);
    for (const auto& [at, one] : measured.all<RollbackRecovered>()) {
      if (one.procedure != procedure) continue;
      const Duration took = at - one.triggered;
      return {took.to_seconds() / 60, one.limit && took > *one.limit ? 1.0 : 0.0};
    }
    return {std::numeric_limits<double>::quiet_NaN(), 0};
  };
  return {procedure + how, {"minutes", "late"}, measure};
}

const char* how(bool slow_rules) { return slow_rules ? ", rules 6 min late" : ""; }

Line errors(bool slow_rules) {
  const Crash crash{0.05, stats::Distribution::constant(Duration::hours(6))};
  return line("serving-errors", with(crash, slow_rules), how(slow_rules));
}

Line canary(bool slow_rules) {
  return line("canary-failure", with(Swap{}, slow_rules), how(slow_rules));
}

/// A candidate that points elsewhere passes while nothing is measured of its canary.
Line engagement() {
  ModelSettings settings = with(Turn{30}, false);
  settings.release.canary.no_data = NoData::pass;
  Conditions blind;
  blind.unmeasured = {Role::baseline, Role::canary};
  return line("engagement-drop", settings, "", {{Time{}, blind}});
}

/// Of kOf seeds. In a few the candidate is rejected at the gates, or fails its canary by chance.
struct Rollbacks {
  int ended, late;

  Rollbacks(const Line& line, const char* required) {
    const Results results = held_to_record(kStudy, line, kOf);
    ended = results.at_least("minutes", 0);
    late = results.at_least("late", 1);
    row({line.name, std::to_string(ended), mean(results.of("minutes")), share(late, ended),
         required});
    CHECK(ended >= 190);
  }
};

}  // namespace

TEST_CASE("how long rollbacks of 20 seeds take is recorded", "[validation]") {
  for (const bool slow_rules : {false, true}) {
    held_to_record(kStudy, errors(slow_rules), kRecorded);
    held_to_record(kStudy, canary(slow_rules), kRecorded);
  }
  held_to_record(kStudy, engagement(), kRecorded);
}

TEST_CASE("rollbacks end within their limits, unless rules are late", "[validation][long]") {
  row({"procedure", "rollbacks of 200 seeds", "minutes", "late", "required"});
  CHECK(Rollbacks(errors(false), "none").late == 0);
  CHECK(Rollbacks(canary(false), "none").late == 0);
  const Rollbacks dropped(engagement(), "197 in time");
  CHECK(dropped.ended - dropped.late >= 197);
  for (const Line& line : {errors(true), canary(true)}) {
    const Rollbacks slow(line, "all");
    CHECK(slow.late == slow.ended);
  }
}
