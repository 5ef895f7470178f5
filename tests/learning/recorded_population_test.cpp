// Rows of a file as a population: exact rates beside every request that could be made, and beside
// requests one by one.
#include "learning/recorded_population.hpp"

#include <algorithm>
#include <bit>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "learning/candidate_sample.hpp"
#include "learning/row_log.hpp"

using namespace rehearse;
using namespace rehearse::learning;
using Values = std::vector<double>;

namespace {

constexpr double kAbsent = std::numeric_limits<double>::quiet_NaN();
constexpr Hour kHour{3};

/// So many rows in each of the hours -2, -1, ..., with few different values and some absent ones.
std::shared_ptr<const RecordedRows> some_rows(std::uint64_t seed, std::vector<int> in_hours) {
  stats::Stream stream(seed, 0, "recorded rows");
  TimedRows rows;
  rows.features = 3;
  for (std::size_t hour = 0; hour < in_hours.size(); ++hour) {
    for (int i = 0; i < in_hours[hour]; ++i) {
      rows.at.push_back(Time{} + Duration::hours(std::int64_t(hour) - 2) + Duration::minutes(i));
      for (int j = 0; j < 3; ++j) {
        rows.values.push_back(stream.chance(0.15) ? kAbsent : double(stream.below(3)));
      }
      rows.clicked.push_back(stream.chance(0.4) ? 1 : 0);
    }
  }
  return std::make_shared<const RecordedRows>(std::move(rows));
}

LinearModel some_model(std::uint64_t seed) {
  stats::Stream stream(seed, 0, "model");
  LinearModel model{-1, Values(3), Values(3)};
  // Of few values, so that scores are equal across rows too.
  for (double& weight : model.weights) weight = double(stream.below(3)) - 1;
  for (double& mean : model.training_mean) mean = stream.normal();
  return model;
}

struct Rates {
  double engagement = 0, best = 0, random = 0;
};

/// Means over all subsets of the hour's rows, repeated in their order where they are too few.
Rates count_requests(const RecordedRows& rows, const LinearModel& model,
                     const ServingPolicy& serving) {
  const RecordedRows::Range range = rows.of(kHour);
  const std::size_t size = std::max(range.size(), serving.candidates);
  const auto row = [&](std::size_t i) { return range.begin + i % range.size(); };
  double requests = 0, shown = 0, best = 0, random = 0;
  for (unsigned bits = 0; bits < 1u << size; ++bits) {
    if (std::size_t(std::popcount(bits)) != serving.candidates) continue;
    double largest = -HUGE_VAL, ties = 0, clicks = 0, all = 0;
    for (std::size_t i = 0; i < size; ++i) {
      if ((bits >> i) % 2 == 0) continue;
      const double score = model.score(rows.values(row(i))), click = rows.clicked(row(i)) ? 1 : 0;
      if (score > largest) ties = clicks = 0;
      largest = std::max(largest, score);
      ties += score == largest ? 1 : 0;
      clicks += score == largest ? click : 0;
      all += click;
    }
    requests += 1;
    shown += clicks / ties;
    best += all > 0 ? 1 : 0;
    random += all / double(serving.candidates);
  }
  const double e = serving.exploration;
  return {((1 - e) * shown + e * random) / requests, best / requests, random / requests};
}

RequestSettings requests_of(const ServingPolicy& serving) {
  RequestSettings requests;
  requests.serving = serving;
  requests.label_delay = stats::Distribution(stats::Distribution::Exponential{Duration::hours(1)});
  return requests;
}

LoggedRows logged(const Population& population, const ServingPolicy& serving,
                  const LinearModel* model, std::size_t most, Hour hour = kHour) {
  Traffic traffic;
  traffic.daily = 0;
  traffic.log = 200'000;
  const RowLog log(population, traffic, requests_of(serving), Streams(5, 0, "rec"));
  LoggedRows rows;
  log.append(hour, {model}, most, rows);
  return rows;
}

}  // namespace

TEST_CASE("rates on recorded rows are those of every request that could be made") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const int in_hour = 1 + int(seed % 9);
    const auto rows = some_rows(seed, {4, 3, 2, 5, 1, in_hour, 6});
    const RecordedPopulation population(rows);
    for (std::size_t candidates = 1; candidates <= 9; ++candidates) {
      for (const double exploration : {0.0, 0.05, 1.0}) {
        CAPTURE(seed, in_hour, candidates, exploration);
        const LinearModel model = some_model(seed);
        const ServingPolicy serving{candidates, exploration};
        const Rates counted = count_requests(*rows, model, serving);
        const double earned = population.engagement(kHour, model, serving);
        REQUIRE(earned == Approx(counted.engagement).margin(1e-14));
        const Reach reach = population.reach(kHour, candidates);
        REQUIRE(reach.best == Approx(counted.best).margin(1e-14));
        REQUIRE(reach.random == Approx(counted.random).margin(1e-14));
      }
    }
  }
}

TEST_CASE("requests on recorded rows, one by one, click at the exact rate") {
  const std::size_t kRequests = 200'000;
  for (const int in_hour : {3, 7, 40}) {
    const auto rows = some_rows(11, {1, 0, 1, 1, 1, in_hour, 1});
    const RecordedPopulation population(rows);
    const LinearModel model = some_model(11);
    const ServingPolicy serving{5, 0.1};
    const LinearModel* const who[] = {&model, nullptr};
    for (const LinearModel* production : who) {
      const LoggedRows log = logged(population, serving, production, kRequests);
      REQUIRE(log.rows.size() == kRequests);
      const auto clicks = std::count_if(log.rows.begin(), log.rows.end(),
                                        [](const LoggedRow& row) { return row.clicked; });
      // Before any version a uniform candidate is shown.
      const ServingPolicy as_served{5, production ? 0.1 : 1};
      const double rate = population.engagement(kHour, model, as_served);
      const double error = std::sqrt(rate * (1 - rate) / double(kRequests));
      CAPTURE(in_hour, production != nullptr, rate, double(clicks) / double(kRequests));
      REQUIRE((rate > 0 && rate < 1));
      CHECK(std::abs(double(clicks) / double(kRequests) - rate) < 4 * error);
    }
  }
}

TEST_CASE("another version meets the same requests for recorded rows, and their labels") {
  const auto rows = some_rows(3, {1, 1, 1, 1, 1, 30});
  const RecordedPopulation population(rows);
  const LinearModel model = some_model(3);
  LinearModel opposite = model;
  for (double& weight : opposite.weights) weight = -weight;
  const ServingPolicy serving{5, 0.2};
  const LoggedRows a = logged(population, serving, &model, 500),
                   b = logged(population, serving, &opposite, 500),
                   few = logged(population, serving, &model, 20);
  int otherwise = 0;
  for (std::size_t i = 0; i < 500; ++i) {
    REQUIRE(a.rows[i].member == b.rows[i].member);
    REQUIRE(a.rows[i].label_known == b.rows[i].label_known);
    REQUIRE(a.rows[i].explored == b.rows[i].explored);
    if (a.rows[i].explored) REQUIRE(a.rows[i].clicked == b.rows[i].clicked);
    otherwise += a.rows[i].clicked != b.rows[i].clicked ? 1 : 0;
    if (i < 20) REQUIRE(few.rows[i].clicked == a.rows[i].clicked);
  }
  REQUIRE(otherwise > 0);
}

TEST_CASE("the values of recorded rows have the shares that the hour's rows have") {
  const auto rows = some_rows(4, {1, 1, 1, 1, 1, 23});
  const RecordedPopulation population(rows);
  const LinearModel model = some_model(4);
  const RecordedRows::Range range = rows->of(kHour);
  const std::size_t which[] = {2, 0};
  const std::vector<ServedValues> features = population.served_features(kHour, which);
  for (std::size_t f = 0; f < 2; ++f) {
    const Values cuts = {-0.5, rows->values(range.begin + 3)[which[f]], 2.5};
    Values counted(cuts.size() + 2, 0);
    for (std::size_t row = range.begin; row < range.end; ++row) {
      const double value = rows->values(row)[which[f]];
      const auto bin = std::isnan(value)
                           ? cuts.size() + 1
                           : std::size_t(std::count_if(cuts.begin(), cuts.end(),
                                                       [&](double cut) { return cut < value; }));
      counted[bin] += 1.0 / 23;
    }
    const Values shares = bin_shares(features[f], cuts);
    for (std::size_t bin = 0; bin < shares.size(); ++bin) {
      REQUIRE(shares[bin] == Approx(counted[bin]).margin(1e-14));
    }
  }
  double mean = 0, expected = 0;
  for (const NormalPart& part : population.served_score(kHour, model).parts) {
    REQUIRE(part.deviation == 0);
    mean += part.share * part.mean;
  }
  for (std::size_t row = range.begin; row < range.end; ++row) {
    expected += model.score(rows->values(row)) / 23;
  }
  REQUIRE(mean == Approx(expected));
}

TEST_CASE("an hour without rows has nothing to offer, and stands in no reference") {
  const auto rows = some_rows(5, {2, 0, 3, 0, 0, 4});
  const RecordedPopulation population(rows);
  const ServingPolicy serving{};
  for (std::int64_t hour = -4; hour <= 5; ++hour) {
    CAPTURE(hour);
    const bool there = rows->of(Hour{hour}).size() > 0;
    REQUIRE(population.offers(Hour{hour}) == there);
    REQUIRE(logged(population, serving, nullptr, 10, Hour{hour}).rows.size() == (there ? 10u : 0u));
    if (!there) REQUIRE(population.reach(Hour{hour}, 5).best == 0);
  }
  REQUIRE(population.next_change(Hour{-9}) == Hour{-2});
  REQUIRE(population.next_change(Hour{-1}) == Hour{0});
  REQUIRE_FALSE(population.next_change(Hour{4}));
  stats::Stream stream(5, 0, "reference");
  const CandidateColumns reference =
      draw_reference(stream, population, Time{} - Duration::hours(2), Hour{2}.start(), 400);
  for (const Values& column : reference) REQUIRE(column.size() == 200);  // of hours -2 and 0
}
