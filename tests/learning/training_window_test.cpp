#include "learning/training_window.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "learning/changing_world.hpp"
#include "learning/engagement.hpp"

using namespace rehearse;
using namespace rehearse::learning;
using Values = std::vector<double>;

namespace {

constexpr Duration kDay = Duration::days(1);

Time hours(double count) { return Time{} + Duration::from_seconds(count * 3600); }

RequestSettings requests_with(stats::Distribution label_delay) {
  RequestSettings settings;
  settings.label_delay = std::move(label_delay);
  return settings;
}

struct Setup {
  explicit Setup(WorldSettings settings = {}, stats::Distribution label_delay = {})
      : world("rec", std::move(settings)),
        log(world, Traffic{}, requests_with(std::move(label_delay)), Streams(3, 0, "rec")) {}

  TrainingData data(Time cut, const TrainingSettings& settings, const Served& served = {}) const {
    return gather(
        log, [&](Hour) { return served; }, cut, settings);
  }

  ChangingWorld world;
  RowLog log;
};

LinearModel model_of(const std::variant<LinearModel, FitRefused>& trained) {
  if (const auto* refused = std::get_if<FitRefused>(&trained)) FAIL(refused->reason);
  return std::get<LinearModel>(trained);
}

double lost(const World& world, const LinearModel& model) {
  return 1 - expected_engagement(world, {model.weights}, {}) / engagement_bound(world, {});
}

TrainingSettings everything() {
  TrainingSettings settings;
  settings.holdout = 0;
  return settings;
}

std::vector<std::pair<double, double>> rows_of(const Examples& examples) {
  std::vector<std::pair<double, double>> rows;
  for (std::size_t i = 0; i < examples.rows(); ++i) {
    rows.emplace_back(examples.row(i)[0], examples.y[i]);
  }
  return rows;
}

Drift covariate_shift(Time at, double shift) {
  Drift drift;
  drift.at = at;
  drift.features = {0};
  drift.shift = shift;
  return drift;
}

}  // namespace

TEST_CASE("a window takes the first rows of each hour and the newest of all") {
  const Setup setup;
  const TrainingData data = setup.data(Time{}, {});
  // 336 hours give 6 rows each, of which the newest 2 000 are taken.
  REQUIRE(data.rows() == 2000);
  REQUIRE(data.train.rows() == 1600);
  REQUIRE(data.holdout.rows() == 400);
  REQUIRE(data.unlabelled == 0);
  TrainingSettings settings = everything();
  settings.window = Duration::hours(2);
  settings.rows = 10'000;
  // All rows of hours -2 and -1, which log 400 and 397 (the wave is above 1 until hour 2).
  REQUIRE(setup.data(Time{}, settings).rows() ==
          logged_rows(setup.log.traffic(), Hour{-2}) + logged_rows(setup.log.traffic(), Hour{-1}));
  // Half an hour later: the later half of the first hour, the earlier one of the last.
  REQUIRE(setup.data(hours(0.5), settings).rows() ==
          (logged_rows(setup.log.traffic(), Hour{-2}) + 1) / 2 +
              logged_rows(setup.log.traffic(), Hour{-1}) +
              logged_rows(setup.log.traffic(), Hour{0}) / 2);
}

TEST_CASE("overlapping windows see the same rows") {
  const Setup setup;
  TrainingSettings settings = everything();
  settings.rows = 336;  // one an hour
  const auto early = rows_of(setup.data(hours(24), settings).train);
  const auto late = rows_of(setup.data(hours(72), settings).train);
  REQUIRE(std::vector(early.begin() + 48, early.end()) ==
          std::vector(late.begin(), late.end() - 48));
  REQUIRE(rows_of(setup.data(hours(24), settings).train) == early);
}

TEST_CASE("rows whose label is not known at the cut are dropped, or taken for negative") {
  const auto two_hours = stats::Distribution::constant(Duration::hours(2));
  const Setup setup({}, two_hours);
  TrainingSettings settings = everything();
  settings.window = Duration::hours(10);
  settings.rows = 1000;
  const TrainingData dropped = setup.data(Time{}, settings);
  // Of the newest 1 000 rows, 100 an hour, the last two hours are too young.
  REQUIRE(dropped.rows() == 800);
  REQUIRE(dropped.unlabelled == 200);
  settings.unlabelled_negative = true;
  const TrainingData kept = setup.data(Time{}, settings);
  REQUIRE(kept.rows() == 1000);
  REQUIRE(kept.unlabelled == 200);
  REQUIRE(kept.of_class[1] == dropped.of_class[1]);
  REQUIRE(std::count(kept.train.y.end() - 200, kept.train.y.end(), 1.0) == 0);
}

TEST_CASE("the holdout is the newest part of the labelled rows, rounded down") {
  const Setup setup;
  TrainingSettings settings = everything(), held = settings;
  settings.rows = held.rows = 1001;
  held.holdout = 0.3;
  const auto all = rows_of(setup.data(Time{}, settings).train);
  const TrainingData split = setup.data(Time{}, held);
  REQUIRE(split.holdout.rows() == 300);
  REQUIRE(rows_of(split.holdout) == std::vector(all.end() - 300, all.end()));
  REQUIRE(rows_of(split.train) == std::vector(all.begin(), all.end() - 300));
  REQUIRE(split.median < Time{} - Duration::days(7));
  held.rows = 100;
  held.holdout = 0.29;
  REQUIRE(setup.data(Time{}, held).holdout.rows() == 29);
}

TEST_CASE("a stale window ends before the cut, with the labels of the cut") {
  const Setup setup({}, stats::Distribution::constant(Duration::hours(30)));
  TrainingSettings settings = everything(), stale = settings;
  stale.stale = kDay * 2;
  const TrainingData late = setup.data(Time{}, stale),
                     early = setup.data(Time{} - kDay * 2, settings);
  REQUIRE(early.unlabelled > 0);
  REQUIRE(late.unlabelled == 0);
  REQUIRE(late.rows() == early.rows() + early.unlabelled);
}

TEST_CASE("a join as-served takes what was served, as-of-event what was true") {
  const Setup setup;
  const LinearModel model{-2, setup.world.initial().weights, Values(8, 0.5)};
  Values retention(8, 1);
  retention[0] = 0.6;
  TrainingSettings settings = everything();
  const TrainingData served = setup.data(Time{}, settings, {&model, retention});
  settings.join = Join::as_of_event;
  const TrainingData event = setup.data(Time{}, settings, {&model, retention});
  REQUIRE(served.train.y == event.train.y);
  for (std::size_t i = 0; i < served.train.rows(); ++i) {
    REQUIRE(served.train.row(i)[0] != event.train.row(i)[0]);
    REQUIRE(served.train.row(i)[1] == event.train.row(i)[1]);
  }
}

TEST_CASE("an absent feature stands at the serving version's training mean, and is counted") {
  WorldSettings settings;
  Drift gap;
  gap.at = Time{} - kDay * 3;
  gap.of = DriftOf::missing;
  gap.features = {2};
  gap.rate = 1;
  settings.drifts = {gap};
  const Setup setup(settings);
  const LinearModel model{-2, setup.world.initial().weights, Values(8, 0.5)};
  const TrainingData data = setup.data(Time{}, {}, {&model});
  REQUIRE(data.absent == 1);  // the holdout begins three days before the cut
  for (std::size_t i = 0; i < 400; ++i) REQUIRE(data.holdout.row(i)[2] == 0.5);
  REQUIRE(data.train.row(0)[2] != 0.5);
}

TEST_CASE("a join with the latest values leaks what came after") {
  WorldSettings moved;
  moved.drifts = {covariate_shift(Time{}, 3)};
  const Setup setup(moved);
  TrainingSettings settings = everything();
  settings.join = Join::as_of_event;
  const TrainingData event = setup.data(Time{}, settings);
  settings.join = Join::latest;
  const TrainingData latest = setup.data(Time{}, settings);
  // Nothing decays: a row keeps its distance from the mean, which has moved by 3 at the cut.
  for (std::size_t i = 0; i < event.train.rows(); ++i) {
    REQUIRE(latest.train.row(i)[0] == Approx(event.train.row(i)[0] + 3));
    REQUIRE(latest.train.row(i)[1] == event.train.row(i)[1]);
  }
  settings.features.resize(8);
  settings.features[1].reacts = 4;
  settings.features[0].memory = Duration::hours(1);
  const TrainingData leaky = setup.data(Time{}, settings);
  double clicks = 0, others = 0, product = 0;
  for (std::size_t i = 0; i < leaky.train.rows(); ++i) {
    const bool clicked = leaky.train.y[i] == 1;
    (clicked ? clicks : others) += leaky.train.row(i)[1] - event.train.row(i)[1];
    product += (leaky.train.row(i)[0] - 3) * event.train.row(i)[0];
  }
  // A click adds 4 (1 - p), its lack takes 4 p away; in sum that is 0.
  REQUIRE(clicks > 800);
  REQUIRE(std::abs(clicks + others) <= 4 * 4 * std::sqrt(2000 * 0.2));
  // The decayed feature tells nothing of what it was but for the last hours.
  REQUIRE(std::abs(product) <= 4 * std::sqrt(2000));
}

TEST_CASE("a version trained on 2 000 rows loses about a hundredth, on 200 more") {
  const Setup setup;
  TrainingSettings settings;
  const LinearModel first = model_of(train(setup.data(Time{}, settings), {}));
  REQUIRE(lost(setup.world.initial(), first) < 0.02);
  settings.rows = 200;
  const LinearModel small = model_of(train(setup.data(Time{}, settings), {}));
  REQUIRE(lost(setup.world.initial(), small) > lost(setup.world.initial(), first));
  // From what it serves a version learns, too.
  settings.rows = 2000;
  const LinearModel second = model_of(train(setup.data(hours(400), settings, {&first}), {}));
  REQUIRE(lost(setup.world.initial(), second) < 0.03);
}

TEST_CASE("training goes on from production's coefficients to the same ones, byte by byte again") {
  const Setup setup;
  const LinearModel first = model_of(train(setup.data(Time{}, {}), {}));
  const TrainingData data = setup.data(hours(100), {}, {&first});
  FitSettings warm;
  warm.start = warm_start(first);
  const LinearModel cold_fit = model_of(train(data, {})), warm_fit = model_of(train(data, warm));
  for (std::size_t j = 0; j < 8; ++j) {
    REQUIRE(std::abs(cold_fit.weights[j] - warm_fit.weights[j]) <= 1e-8 * 2);
  }
  REQUIRE(model_of(train(setup.data(hours(100), {}, {&first}), warm)) == warm_fit);
  REQUIRE(cold_fit.training_mean == data.mean);
}

TEST_CASE("rows of a moved world are counted by the drift that moved it") {
  WorldSettings settings;
  Drift gradual;
  gradual.at = Time{} - kDay * 7;
  gradual.kind = DriftKind::gradual;
  gradual.of = DriftOf::concept_;
  gradual.over = kDay * 2;
  gradual.rotate = 45;
  settings.drifts = {gradual};
  const Setup setup(settings);
  TrainingData data = setup.data(Time{}, everything());
  REQUIRE(data.moved_by[0] + data.moved_by[1] == 2000);
  // Half of two days and all of five of fourteen.
  REQUIRE(std::abs(double(data.moved_by[1]) / 2000 - 6.0 / 13.9) < 0.03);
}

TEST_CASE("too little traffic to learn from is refused with the reason") {
  WorldSettings settings;
  settings.relation.intercept = -12;
  const Setup setup(settings);
  const auto trained = train(setup.data(Time{}, {}), {});
  REQUIRE(std::get<FitRefused>(trained).why == FitRefused::Why::too_few_of_class);
  const ChangingWorld world("rec", {});
  Traffic silent;
  silent.log = 0;
  const RowLog nothing(world, silent, {}, Streams(3, 0, "rec"));
  const TrainingData none = gather(nothing, [](Hour) { return Served{}; }, Time{}, {});
  REQUIRE(none.rows() == 0);
  REQUIRE(std::get<FitRefused>(train(none, {})).why == FitRefused::Why::no_rows);
}
