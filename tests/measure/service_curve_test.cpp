// What is made of the requests that a lifecycle served. The measured window is [10 h, 100 h).
#include "measure/service_curve.hpp"

#include <catch2/catch.hpp>
#include <map>

#include "base/text/number_text.hpp"
#include "lifecycle_history.hpp"
#include "stats/random.hpp"

namespace rehearse::test {
namespace {

using lifecycle::Role;
using lifecycle::Served;
using lifecycle::ServedArm;
using measure::Metrics;

std::map<std::string, std::vector<double>> columns(Told& told) {
  std::map<std::string, std::vector<double>> columns;
  for (const measure::SeriesColumn& column : told.log().columns()) {
    columns[column.name] = column.values;
  }
  return columns;
}

}  // namespace

TEST_CASE("engagement is held against its bound, over the measured window") {
  Told told(two_models());
  // An hour of the warm-up, one with a canary, and one of another model.
  told.served({0, hour(8), hour(9), {{Role::production, 1, {1000, 0, 0, 900}, 900}}, 901, 902});
  told.served({0,
               hour(20),
               hour(21),
               {{Role::production, 1, {900, 9, 18, 270}, 280},
                {Role::baseline, 1, {50, 0, 1, 12}, 15},
                {Role::canary, 2, {50, 1, 1, 18}, 5}},
               400,
               500});
  told.served({1, hour(20), hour(21), {{Role::production, 1, {1000, 0, 0, 100}, 100}}, 100, 100});
  const Metrics metrics = told.metrics();
  CHECK(metrics.at("model.rec.engagement.mean") == 0.3);
  CHECK(metrics.at("model.rec.engagement.lost") == 0.25);
  CHECK(metrics.at("model.rec.engagement.explored") == Approx(0.2).epsilon(1e-15));
  CHECK(metrics.at("model.search.engagement.lost") == 0);
  CHECK(metrics.at("engagement.mean") == 0.2);
  CHECK(metrics.at("engagement.lost") == Approx(0.2).epsilon(1e-15));
  CHECK(metrics.at("engagement.explored") == Approx(1 - 500.0 / 600).epsilon(1e-15));
  CHECK(metrics.at("serving.requests") == 3000);  // the warm-up's as well
  CHECK(metrics.at("serving.errors.share") == 0.005);
  CHECK(metrics.at("serving.slow.share") == 0.01);
  CHECK(metrics.at("model.rec.serving.slow.share") == 0.02);

  const auto series = columns(told);
  CHECK(series.at("engagement") == std::vector<double>{0.9, 0, 0.2, 0, 0, 0, 0, 0, 0, 0, 0});
  CHECK(series.at("engagement_bound")[2] == 0.25);
  CHECK(series.at("model.rec.engagement_bound")[2] == 0.4);
  CHECK(series.at("model.rec.off_production")[2] == 0.1);
  CHECK(series.at("off_production")[2] == 0.05);
  CHECK(series.at("model.rec.error_share")[2] == 0.01);
  CHECK(series.at("model.search.error_share")[2] == 0);
}

TEST_CASE("a span that a checkpoint cuts counts on both sides, and no request is lost") {
  Told told(two_models());
  // From an hour before the end of the warm-up to three hours after it.
  told.served({0, hour(9), hour(13), {{Role::canary, 1, {1001, 3, 0, 500}, 400}}, 800, 800});
  // Over the end of the window and that of the run.
  told.served({0, hour(99), hour(111), {{Role::production, 1, {1200, 0, 0, 12}, 120}}, 240, 240});
  const Metrics metrics = told.metrics();
  CHECK(metrics.at("serving.requests") == 1001 + 1100);
  // 751 requests of the first span, 3 of whose errors, and 100 of the second.
  CHECK(metrics.at("serving.errors.share") == 3.0 / 851);
  CHECK(metrics.at("engagement.mean") == (375 + 1) / 851.0);
  CHECK(metrics.at("engagement.lost") == 1 - 310.0 / 620);
  const auto series = columns(told);
  CHECK(series.at("engagement")[0] == 125.0 / 250);
  CHECK(series.at("engagement")[1] == 375.0 / 751);
  CHECK(series.at("off_production") == std::vector<double>{1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
  CHECK(series.at("engagement_bound")[10] == 200.0 / 1000);
}

TEST_CASE("the training queue and wrong answers have a column each") {
  using Fate = lifecycle::TrainingAsked::Fate;
  Told told(two_models());
  told.fact(15, lifecycle::TrainingAsked{Fate::queued});
  told.fact(15, lifecycle::TrainingAsked{Fate::queued}, 1);
  told.fact(25, lifecycle::TrainingStarted{2, hour(15)});
  told.fact(95, lifecycle::TrainingAsked{Fate::queued});
  const world::Verdict wrong{{"aip://user/identity/ann"}, {}, false};
  told.log().on(models::AskedQuestion{{"owners", "m"}, wrong, {}, "rollback"}, hour(20));
  told.log().on(models::AskedQuestion{{"owners", "m"}, wrong, {}, "person"}, hour(29));
  told.log().on(models::AskedQuestion{{"owners", "m"}, {}, {}, "rollback"}, hour(40));
  told.log().on(models::AskedQuestion{{"owners", "m"}, wrong}, hour(50));  // of the scenario
  told.log().on(models::AskedQuestion{{"owners", "m"}, wrong, {}, "canary"}, hour(110));
  const Metrics metrics = told.metrics();
  const auto series = columns(told);
  // The second one waits to the end of operations: 1 after 25 h, and one more from 95 h on.
  CHECK(series.at("training_queue") == std::vector<double>{0, 1, 1.5, 1, 1, 1, 1, 1, 1, 1.5, 0});
  CHECK(series.at("wrong_answers") == std::vector<double>{0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1});
}

TEST_CASE("spans of any lengths keep their sums, however they are cut") {
  stats::Stream random(20261130, 0, "spans");
  const measure::Window window{hour(3), hour(20), hour(24)};
  const measure::Checkpoints checkpoints(window, 7);
  measure::ServiceCurve curve(checkpoints);
  measure::ServiceSums sums;
  Time now;
  while (now < window.end) {
    const Time until = std::min(
        window.end, now + Duration{1 + static_cast<std::int64_t>(random.below(9'000'000'000'000))});
    const std::uint64_t requests = random.below(1000);
    const double expected = static_cast<double>(random.below(1000));
    const Served served{
        0, now, until, {{Role::production, 1, {requests, requests / 7, 0, 1}, expected}}, 2, 3};
    curve.add(served);
    sums.counts += served.arms[0].counts;
    sums.expected_clicks += expected;
    now = until;
  }
  const measure::ServiceSums all = curve.between(0, checkpoints.times().size() - 1);
  CHECK(all.counts == sums.counts);
  CHECK(all.expected_clicks == Approx(sums.expected_clicks).epsilon(1e-12));
}

}  // namespace rehearse::test
