#include "lifecycle/gates.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "lifecycle/defects.hpp"
#include "stats/distributions.hpp"
#include "trained_model.hpp"

using namespace rehearse;
using namespace rehearse::lifecycle;
using namespace rehearse::learning;

namespace {

constexpr Time kCut = Time{} + Duration::days(20);

GateReport through_gates(const TrainedModel& model, const TrainingSettings& how,
                         const GateSettings& settings = {}) {
  const TrainingData data = model.data(kCut, how);
  return pass_gates(settings, data, train(data, {}), model.first.model);
}

Gate rejected_by(const GateReport& report) {
  REQUIRE(report.rejection);
  INFO(report.rejection->reason);
  REQUIRE_FALSE(report.rejection->reason.empty());
  return report.rejection->gate;
}

TrainingSettings leaking(double reacts) {
  return strike(Defect{Leak{0, reacts}}, TrainingSettings{}, 8);
}

/// The seeds of a table line in ./check, or all of them.
int rejected_leaks(double reacts, int seeds) {
  int rejected = 0;
  for (int seed = 1; seed <= seeds; ++seed) {
    const TrainedModel model{std::uint64_t(seed)};
    rejected += through_gates(model, leaking(reacts)).passed() ? 0 : 1;
  }
  return rejected;
}

/// The exact AUC of a score on rows of uniform candidates, where a click adds reacts (y - p) to
/// feature 0: given the true logit, the score is normal for either outcome.
double exact_leaked_auc(const World& world, const LinearModel& model, double reacts) {
  double truth = 0, along = 0, own = 0;
  for (std::size_t j = 0; j < world.features(); ++j) {
    truth += world.weights[j] * world.weights[j];
    along += world.weights[j] * model.weights[j];
    own += model.weights[j] * model.weights[j];
  }
  const double sd = std::sqrt(truth), slope = along / sd;
  const double rest = std::sqrt(2 * (own - slope * slope));
  struct Point {
    double clicked, other;        // density times the chance of the outcome
    double clicked_at, other_at;  // mean score
  };
  std::vector<Point> points;
  double clicks = 0, others = 0;
  for (double u = -6; u <= 6; u += 0.05) {
    const double p = click_probability(world.intercept + sd * u), density = std::exp(-u * u / 2);
    const double leak = model.weights[0] * reacts;
    points.push_back(
        {density * p, density * (1 - p), slope * u + leak * (1 - p), slope * u - leak * p});
    clicks += points.back().clicked;
    others += points.back().other;
  }
  double sum = 0;
  for (const Point& a : points) {
    for (const Point& b : points) {
      sum += a.clicked * b.other * stats::normal_cdf((a.clicked_at - b.other_at) / rest);
    }
  }
  return sum / (clicks * others);
}

/// Hanley and McNeil (1982): the variance of an AUC estimated from so many of each class.
double auc_error(double auc, double clicks, double others) {
  const double q1 = auc / (2 - auc), q2 = 2 * auc * auc / (1 + auc);
  return std::sqrt(
      (auc * (1 - auc) + (clicks - 1) * (q1 - auc * auc) + (others - 1) * (q2 - auc * auc)) /
      (clicks * others));
}

/// Leaks of size 2 in windows before the start: rejections as counted, and as exact AUCs and the
/// holdout's size have them.
void check_leak_of_two(int seeds) {
  double rejected = 0, expected = 0, variance = 0;
  for (int seed = 1; seed <= seeds; ++seed) {
    const TrainedModel model{std::uint64_t(seed)};
    const TrainingData data = model.data(Time{}, leaking(2));
    const auto trained = train(data, {});
    const GateReport report = pass_gates({}, data, trained, model.first.model);
    rejected += report.passed() ? 0 : 1;
    const double exact = exact_leaked_auc(model.world.initial(), std::get<LinearModel>(trained), 2);
    double clicks = 0;
    for (const double y : data.holdout.y) clicks += y;
    const double error = auc_error(exact, clicks, double(data.holdout.rows()) - clicks);
    const double chance = 1 - stats::normal_cdf((GateSettings{}.auc_at_most - exact) / error);
    expected += chance;
    variance += chance * (1 - chance);
  }
  CAPTURE(rejected, expected, std::sqrt(variance));
  CHECK(std::abs(rejected - expected) <= 4 * std::sqrt(variance) + 0.01 * seeds);
}

}  // namespace

TEST_CASE("a sound candidate passes the gates, and its figures are told") {
  const TrainedModel model(1);
  const GateReport report = through_gates(model, {});
  REQUIRE(report.passed());
  REQUIRE(*report.auc > 0.6);
  REQUIRE(*report.production_auc > 0.6);
  REQUIRE(*report.log_loss > 0);
}

TEST_CASE("too few rows are rejected, whatever they say") {
  const TrainedModel model(2);
  TrainingSettings how;
  how.rows = 999;
  REQUIRE(rejected_by(through_gates(model, how)) == Gate::rows);
  how.rows = 1000;
  how.unlabelled_negative = true;  // so that none of the thousand is dropped
  REQUIRE(through_gates(model, how).passed());
}

TEST_CASE("rows of one class are rejected") {
  WorldSettings settings = pinned_world();
  Drift silence;  // from day 5 on hardly anybody clicks
  silence.at = Time{} + Duration::days(5);
  silence.of = DriftOf::label;
  silence.logit = -30;
  settings.drifts = {silence};
  const TrainedModel model(3, settings);
  REQUIRE(rejected_by(through_gates(model, {})) == Gate::class_);
}

TEST_CASE("a gate of each kind rejects at its border") {
  const TrainedModel model(4);
  const GateReport report = through_gates(model, {});
  GateSettings settings;
  settings.auc_at_most = *report.auc - 1e-9;
  REQUIRE(rejected_by(through_gates(model, {}, settings)) == Gate::leak);
  settings = {};
  settings.auc_at_least = *report.auc + 1e-9;
  REQUIRE(rejected_by(through_gates(model, {}, settings)) == Gate::auc);
  settings = {};
  settings.auc_below_production = *report.production_auc - *report.auc - 1e-9;
  REQUIRE(rejected_by(through_gates(model, {}, settings)) == Gate::auc);
  settings.auc_below_production += 2e-9;
  REQUIRE(through_gates(model, {}, settings).passed());
  settings = {};
  settings.of_each = 2000;
  REQUIRE(rejected_by(through_gates(model, {}, settings)) == Gate::class_);
}

TEST_CASE("a feature that is often absent is rejected") {
  WorldSettings settings = pinned_world();
  Drift outage;
  outage.at = Time{};
  outage.of = DriftOf::missing;
  outage.features = {2};
  outage.rate = 0.1;
  settings.drifts = {outage};
  const TrainedModel model(5, settings);
  REQUIRE(rejected_by(through_gates(model, {})) == Gate::missing);
}

TEST_CASE("a large leak is rejected and a small one passes") {
  CHECK(rejected_leaks(4, 20) >= 19);
  CHECK(rejected_leaks(0.5, 20) <= 2);
}

TEST_CASE("a leak between is rejected as often as its exact AUC says") { check_leak_of_two(20); }

TEST_CASE("of 400 leaks large ones are rejected, small ones pass, others as their AUC says",
          "[long]") {
  CHECK(rejected_leaks(4, 400) >= 385);
  CHECK(rejected_leaks(0.5, 400) <= 20);
  check_leak_of_two(400);
}

TEST_CASE("of 400 candidates of one class or of too few rows none passes", "[long]") {
  WorldSettings silent = pinned_world();
  Drift silence;
  silence.of = DriftOf::label;
  silence.logit = -30;
  silent.drifts = {silence};
  TrainingSettings few;
  few.window = Duration::hours(2);  // of 400 rows an hour
  int passed = 0;
  for (int seed = 1; seed <= 400; ++seed) {
    passed += through_gates(TrainedModel(std::uint64_t(seed), silent), {}).passed() ? 1 : 0;
    passed += through_gates(TrainedModel(std::uint64_t(seed)), few).passed() ? 1 : 0;
  }
  REQUIRE(passed == 0);
}
