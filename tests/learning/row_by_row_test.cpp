// The exact figures against requests simulated one by one, in random worlds: the click rate of a
// version, and the counts in a monitor's bins.
//
// A failure names the world; world N of this file is the same in every run.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "learning/candidate_sample.hpp"
#include "learning/changing_world.hpp"
#include "learning/engagement.hpp"
#include "learning/row_log.hpp"
#include "learning/served_values.hpp"
#include "stats/contingency.hpp"
#include "stats/count_draws.hpp"
#include "stats/distributions.hpp"
#include "stats/two_sample.hpp"

using namespace rehearse;
using namespace rehearse::learning;
using Values = std::vector<double>;

namespace {

constexpr std::size_t kFeatures = 8;
constexpr Hour kHour{0};

/// The drifts that hour 0 is in the middle of.
std::vector<Drift> random_drifts(stats::Stream& stream) {
  Drift turn, shift, gap;
  turn.at = shift.at = Time{} - Duration::days(5);
  turn.kind = stream.chance(0.5) ? DriftKind::gradual : DriftKind::incremental;
  turn.of = DriftOf::concept_;
  turn.over = Duration::days(5 + std::int64_t(stream.below(20)));
  turn.rotate = 20 + 100 * stream.uniform();
  shift.features = {std::size_t(stream.below(kFeatures)), std::size_t(stream.below(kFeatures))};
  shift.shift = 4 * stream.uniform() - 2;
  shift.scale = 0.5 + stream.uniform();
  gap.of = DriftOf::missing;
  gap.features = {std::size_t(stream.below(kFeatures)), std::size_t(stream.below(kFeatures))};
  gap.rate = 0.5 * stream.uniform();
  return {turn, shift, gap};
}

WorldSettings random_settings(stats::Stream& stream) {
  WorldSettings settings;
  settings.relation.intercept = -3 + 2 * stream.uniform();
  settings.relation.strength = 0.5 + 2 * stream.uniform();
  if (stream.chance(0.5)) {
    settings.relation.curvature = {std::size_t(stream.below(kFeatures)),
                                   0.6 * stream.uniform() - 0.3};
  }
  settings.drifts = random_drifts(stream);
  return settings;
}

/// A model that knows something of its world, some of whose features are stale.
struct Version {
  LinearModel model;
  Served served;

  Version(const World& world, stats::Stream& stream) {
    model.intercept = -2;
    model.training_mean.assign(kFeatures, 0.1);
    for (const double weight : world.weights)
      model.weights.push_back(weight + 0.3 * stream.normal());
    served.production = &model;
    for (std::size_t j = 0; j < kFeatures; ++j) {
      served.retention.push_back(stream.chance(0.3) ? stream.uniform() : 1);
    }
  }
  Version(const Version&) = delete;
  Version& operator=(const Version&) = delete;
};

/// Counts of the deciles of the reference, and of what is absent.
Values count_bins(const Values& cuts, const std::vector<std::optional<double>>& values) {
  Values counts(cuts.size() + 2, 0);
  for (const std::optional<double>& value : values) {
    const auto bin = value ? std::lower_bound(cuts.begin(), cuts.end(), *value) - cuts.begin()
                           : std::ptrdiff_t(cuts.size()) + 1;
    ++counts[std::size_t(bin)];
  }
  return counts;
}

Values reference_deciles(const ChangingWorld& world, std::size_t feature) {
  Values cuts;
  const ServedValues before = served_feature({{1, 0, world.initial()}}, feature);
  for (int i = 1; i < 10; ++i) cuts.push_back(quantile(before, i / 10.0));
  return cuts;
}

/// One-sample chi-square against exact shares; NaN-free as empty shares have no counts.
double exact_p(const Values& counts, const Values& shares) {
  double total = 0, statistic = 0, cells = 0;
  for (const double count : counts) total += count;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (shares[i] == 0) {
      REQUIRE(counts[i] == 0);
      continue;
    }
    const double expected = shares[i] * total;
    statistic += (counts[i] - expected) * (counts[i] - expected) / expected;
    ++cells;
  }
  return stats::chi_square_tail(statistic, cells - 1);
}

void check_feature(const ChangingWorld& world, const LoggedRows& rows, std::size_t feature,
                   stats::Stream& stream) {
  CAPTURE(feature);
  // Explored requests show a uniform candidate.
  std::vector<std::optional<double>> values;
  for (std::size_t i = 0; i < rows.rows.size(); ++i) {
    if (!rows.rows[i].explored) continue;
    const double value = rows.served_of(i)[feature];
    values.push_back(std::isnan(value) ? std::nullopt : std::optional<double>(value));
  }
  const Values cuts = reference_deciles(world, feature);
  const Values by_row = count_bins(cuts, values);
  const Values shares = bin_shares(served_feature(world.at(kHour), feature), cuts);
  Values drawn;
  stats::draw_multinomial(stream, values.size(), shares, drawn);
  CHECK(exact_p(by_row, shares) > 1e-4);
  CHECK(stats::two_sample_chi_square(by_row, drawn)->p_value > 1e-4);
}

void check_world(int number, std::size_t requests) {
  CAPTURE(number);
  stats::Stream stream(101, std::uint64_t(number), "world");
  const ChangingWorld world("world-" + std::to_string(number), random_settings(stream));
  const Version version(world.initial(), stream);
  Traffic traffic;
  traffic.daily = 0;
  traffic.log = requests;
  RequestSettings settings;
  settings.serving = {2 + std::size_t(stream.below(8)), 0.05 + 0.1 * stream.uniform()};
  const RowLog log(world, traffic, settings, Streams(101, std::uint64_t(number), "world"));
  LoggedRows rows;
  log.append(kHour, version.served, requests, rows);
  REQUIRE(rows.rows.size() == requests);
  double clicks = 0;
  for (const LoggedRow& row : rows.rows) clicks += row.clicked ? 1 : 0;
  const ServedScore score{version.model.weights, version.served.retention};
  const double expected = expected_engagement(world.at(kHour), score, settings.serving);
  const double n = double(requests), error = std::sqrt(expected * (1 - expected) / n);
  CAPTURE(expected, clicks / n, (clicks / n - expected) / error);
  CHECK(std::abs(clicks / n - expected) <= 4 * error);
  CHECK(expected < engagement_bound(world.at(kHour), settings.serving));
  for (std::size_t j = 0; j < kFeatures; ++j) check_feature(world, rows, j, stream);
}

}  // namespace

TEST_CASE("rates and bins of five random worlds are those of requests one by one") {
  for (int world = 0; world < 5; ++world) check_world(world, 60'000);
}

TEST_CASE("rates and bins of five random worlds, a million requests each", "[long]") {
  for (int world = 0; world < 5; ++world) check_world(world, 1'000'000);
}

TEST_CASE("the candidates that a monitor samples have the shares of its counts") {
  stats::Stream stream(102, 0, "candidates");
  const ChangingWorld world("world-0", random_settings(stream));
  const CandidateColumns columns = draw_candidates(stream, world.at(kHour), 50'000);
  for (std::size_t j = 0; j < kFeatures; ++j) {
    CAPTURE(j);
    const Values cuts = reference_deciles(world, j);
    std::vector<std::optional<double>> values;
    for (const double value : columns[j]) {
      values.push_back(std::isnan(value) ? std::nullopt : std::optional<double>(value));
    }
    CHECK(exact_p(count_bins(cuts, values), bin_shares(served_feature(world.at(kHour), j), cuts)) >
          1e-4);
  }
  const Version version(world.initial(), stream);
  const ServedValues score = served_score(world.at(kHour), version.model);
  Values cuts;
  for (int i = 1; i < 10; ++i) cuts.push_back(quantile(score, i / 10.0));
  std::vector<std::optional<double>> scores;
  for (const double value : scores_of(columns, version.model)) scores.emplace_back(value);
  CHECK(exact_p(count_bins(cuts, scores), bin_shares(score, cuts)) > 1e-4);
}

TEST_CASE("a reference sample is spread evenly over its window") {
  WorldSettings settings;
  Drift shift;
  shift.at = Time{} - Duration::days(4);
  shift.features = {0};
  shift.shift = 1000;
  settings.drifts = {shift};
  const ChangingWorld world("m", settings);
  stats::Stream stream = Streams(1, 0, "m").reference(1);
  const Values first = draw_reference(stream, world, Time{} - Duration::days(10), Time{}, 1000)[0];
  REQUIRE(first.size() == 1000);
  for (std::size_t i = 0; i < first.size(); ++i) REQUIRE((first[i] > 500) == (i >= 600));
}
