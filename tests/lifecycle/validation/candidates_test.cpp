// Candidates with defects, 400 of each, from their training to what decides on them: with the
// shipped settings and 50 requests a second.
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "measured.hpp"
#include "study.hpp"

using namespace rehearse;
using namespace rehearse::lifecycle;

namespace {

constexpr const char* kStudy = "candidates";
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

constexpr Time kUntil = Time{} + Duration::days(22);

/// A model that trains its second version after 20 days: all its rows are of what it has served
/// then. (In the first days some are of uniform candidates, which differ more from each other.)
ModelSettings trained_once() {
  ModelSettings settings = pinned_model();
  settings.training.every = Duration::days(20);
  return settings;
}

ModelSettings with(const Defect& defect) {
  ModelSettings settings = trained_once();
  settings.defects = {{2, defect}};
  return settings;
}

/// Stages of the second version: 1 where it was rejected or failed, and the looks it took.
Line line(const std::string& name, const ModelSettings& settings) {
  const auto measure = [settings](std::uint64_t seed) -> Figures {
    const Measured measured = run(settings, seed, kUntil);
    const auto gates = measured.all<GatesDecided>();
    const auto canaries = measured.all<CanaryDecided>();
    Figures figures{kNone, kNone, kNone, kNone, 0};
    if (!gates.empty()) figures[0] = gates.front().second.rejected_by ? 1 : 0;
    if (!canaries.empty()) {
      const CanaryDecided& one = canaries.front().second;
      figures[1] = one.outcome == CanaryDecided::Outcome::failed ? 1 : 0;
      figures[2] = one.engagement / one.baseline_engagement - 1;
      // The rule takes less than a minute to reach the last router.
      figures[3] = std::floor((canaries.front().first - one.launched).to_seconds() / 3600);
    }
    figures[4] = double(measured.all<Promoted>().size());
    return figures;
  };
  return {name, {"rejected", "failed", "effect", "hours", "promoted"}, measure};
}

Line line(const std::string& name, const Defect& defect) { return line(name, with(defect)); }

/// Windows in which hardly anybody clicks.
Line one_class() {
  ModelSettings settings = trained_once();
  learning::Drift silence;
  silence.of = learning::DriftOf::label;
  silence.logit = -30;
  settings.world.drifts = {silence};
  return line("one class", settings);
}

Line few_rows() {
  ModelSettings settings = trained_once();
  settings.training.data.window = Duration::hours(2);  // of 400 rows an hour
  return line("few rows", settings);
}

/// Errors that begin when nobody watches the canary any more.
Line late_crash() {
  const ModelSettings settings =
      with(Crash{0.05, stats::Distribution::constant(Duration::hours(6))});
  const auto measure = [settings](std::uint64_t seed) -> Figures {
    const Measured measured = run(settings, seed, kUntil);
    int rolled_back = 0;
    for (const auto& [at, one] : measured.all<RollbackTriggered>()) {
      rolled_back += one.procedure == "serving-errors" ? 1 : 0;
    }
    return {double(measured.all<Promoted>().size()), double(rolled_back)};
  };
  return {"crash after 6 h", {"promoted", "rolled_back"}, measure};
}

/// How many of 400 have to be found at the stage that a figure stands for.
struct Candidates {
  Line line;
  std::string figure;
  int least, most;
};

std::vector<Candidates> candidates() {
  return {{line("copy", Copy{}), "failed", 0, 14},
          {line("turn to -2%", TurnTo{-0.02}), "failed", 60, 160},
          {line("turn to -5%", TurnTo{-0.05}), "failed", 385, 400},
          {line("swap", Swap{}), "failed", 395, 400},
          {line("crash 5%", Crash{0.05, {}}), "failed", 395, 400},
          {line("slow 1.5", Slow{1.5}), "failed", 395, 400},
          {line("leak 4", Leak{0, 4}), "rejected", 385, 400},
          {line("leak 2", Leak{0, 2}), "rejected", 385, 400},  // its AUC is 0.99
          {line("leak 0.5", Leak{0, 0.5}), "rejected", 0, 20},
          {one_class(), "rejected", 400, 400},
          {few_rows(), "rejected", 400, 400}};
}

}  // namespace

TEST_CASE("at which stages 20 candidates of each defect are found is recorded", "[validation]") {
  for (const Candidates& one : candidates()) held_to_record(kStudy, one.line, kRecorded);
  held_to_record(kStudy, late_crash(), kRecorded);
}

TEST_CASE("candidates are found at the stage of their defect", "[validation][long]") {
  row({"candidate", "stage", "found, of those that came so far", "required of 400"});
  for (const Candidates& one : candidates()) {
    const Results results = held_to_record(kStudy, one.line, kSeeds);
    const int found = results.at_least(one.figure, 1);
    const int came = found + results.at_most(one.figure, 0);
    row({one.line.name, one.figure, share(found, came),
         std::to_string(one.least) + " to " + std::to_string(one.most)});
    CHECK(found >= one.least);
    CHECK(found <= one.most);
  }
  const Results late = held_to_record(kStudy, late_crash(), kSeeds);
  const int promoted = late.at_least("promoted", 1), back = late.at_least("rolled_back", 1);
  row({"crash after 6 h", "rolled back", share(back, promoted), "all that were promoted"});
  CHECK(promoted >= 380);
  CHECK(back == promoted);
}
