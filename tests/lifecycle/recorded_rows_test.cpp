// A lifecycle on rows of a file: the same learner, monitors and gates as on a drawn world.
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "learning/world.hpp"
#include "lifecycle_run.hpp"

using namespace rehearse;
using namespace rehearse::lifecycle;
using learning::Hour;

namespace {

constexpr double kAbsent = std::numeric_limits<double>::quiet_NaN();

bool closed(Hour hour) { return (hour.number % 24 + 24) % 24 >= 18; }

/// Rows from 14 days before the start on, none in the evening; from a day on another feature
/// decides.
std::shared_ptr<const learning::RecordedRows> rows_that_turn(int turn, double absent = 0) {
  stats::Stream stream(1, 0, "rows that turn");
  learning::TimedRows rows;
  rows.features = 3;
  for (Hour hour{-14 * 24}; hour < Hour{kLastDay * 24}; hour = hour.next()) {
    for (int i = 0; i < 12 && !closed(hour); ++i) {
      rows.at.push_back(hour.start() + Duration::minutes(5 * i));
      const double x[] = {stream.normal(), stream.normal(), stream.normal()};
      for (const double value : x) rows.values.push_back(stream.chance(absent) ? kAbsent : value);
      const double logit = -1 + 2 * (hour < Hour{turn * 24} ? x[0] : x[1]);
      rows.clicked.push_back(stream.chance(learning::click_probability(logit)) ? 1 : 0);
    }
  }
  return std::make_shared<const learning::RecordedRows>(std::move(rows));
}

ModelSettings model_on(std::shared_ptr<const learning::RecordedRows> rows,
                       const std::vector<std::string>& policies) {
  ModelSettings settings;
  settings.recorded = std::move(rows);
  for (const std::string& policy : policies) settings.monitors.push_back(watching(policy));
  return settings;
}

Run run(const ModelSettings& settings, std::uint64_t seed = 1) {
  Run run({settings}, seed);
  run.until(day(kLastDay));
  return run;
}

const std::vector<std::string> kWatched = {"mdl-rec-concept", "mdl-rec-prediction"};

}  // namespace

TEST_CASE("recorded rows that turn are found by what they cost, and answered by retraining") {
  const auto rows = rows_that_turn(kDriftDay);
  const Run never = run(model_on(rows, {})), watched = run(model_on(rows, kWatched));
  REQUIRE(never.trainings() == 0);
  REQUIRE(watched.trainings() >= 1);
  REQUIRE_FALSE(facts_of<Promoted>(watched.facts).empty());
  CAPTURE(lost(never, kDriftDay), lost(watched, kDriftDay));
  REQUIRE(lost(never, kDriftDay) > 0.4);
  REQUIRE(lost(watched, kDriftDay) < 0.5 * lost(never, kDriftDay));
}

TEST_CASE("recorded rows that do not turn are left alone") {
  const Run watched = run(model_on(rows_that_turn(kLastDay), {"mdl-rec-concept"}));
  REQUIRE(watched.trainings() == 0);
}

TEST_CASE("clicks on recorded rows are counts of their exact rates, and evenings have none") {
  const Run never = run(model_on(rows_that_turn(kDriftDay, 0.1), {}));
  double expected = 0, bound = 0;
  learning::ArmCounts sum;
  for (const Served& span : never.served) {
    for (const ServedArm& arm : span.arms) {
      if (closed(Hour::of(span.from))) REQUIRE(arm.counts.requests == 0);
      sum += arm.counts;
      expected += arm.expected_clicks;
    }
    bound += span.bound_clicks;
  }
  CAPTURE(expected, bound, sum.requests, sum.clicks);
  REQUIRE(sum.clicks > 0);
  REQUIRE(expected < bound);
  REQUIRE(std::abs(double(sum.clicks) - expected) < 4 * std::sqrt(expected));
}

TEST_CASE("a lifecycle on recorded rows is the same for the same seed") {
  const auto rows = rows_that_turn(kDriftDay);
  const Run a = run(model_on(rows, kWatched), 3), b = run(model_on(rows, kWatched), 3),
            c = run(model_on(rows, kWatched), 4);
  REQUIRE(a.model().traffic().total() == b.model().traffic().total());
  REQUIRE(a.life.lineage().records().size() == b.life.lineage().records().size());
  REQUIRE_FALSE(a.model().traffic().total() == c.model().traffic().total());
}
