#include "learning/row_log.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "learning/changing_world.hpp"

using namespace rehearse;
using namespace rehearse::learning;
using Values = std::vector<double>;

namespace {

/// A world with everything that takes draws: a gradual drift and absences.
ChangingWorld rich_world() {
  WorldSettings settings;
  Drift turn, gap;
  turn.at = Time{} - Duration::days(2);
  turn.kind = DriftKind::gradual;
  turn.of = DriftOf::concept_;
  turn.over = Duration::days(4);
  turn.rotate = 60;
  gap.of = DriftOf::missing;
  gap.features = {3};
  gap.rate = 0.25;
  settings.drifts = {turn, gap};
  return {"rec", settings};
}

LinearModel model_of(const ChangingWorld& world) {
  return {-2, world.initial().weights, Values(world.features(), 0)};
}

RowLog log_of(const ChangingWorld& world, std::uint64_t seed = 7) {
  RequestSettings requests;
  requests.label_delay = stats::Distribution(stats::Distribution::Exponential{Duration::hours(1)});
  return {world, Traffic{}, requests, Streams(seed, 0, "rec")};
}

LoggedRows rows_of(const RowLog& log, Hour hour, const Served& served, std::size_t most = 1000) {
  LoggedRows rows;
  log.append(hour, served, most, rows);
  return rows;
}

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

}  // namespace

TEST_CASE("the first rows of an hour are the same however many are asked for") {
  const ChangingWorld world = rich_world();
  const LinearModel model = model_of(world);
  const Served served{&model, Values(8, 0.8)};
  const RowLog log = log_of(world);
  const LoggedRows all = rows_of(log, Hour{3}, served), few = rows_of(log, Hour{3}, served, 6);
  REQUIRE(all.rows.size() == logged_rows(log.traffic(), Hour{3}));
  REQUIRE(few.rows.size() == 6);
  for (std::size_t i = 0; i < few.rows.size(); ++i) {
    REQUIRE(few.rows[i].at == all.rows[i].at);
    REQUIRE(few.rows[i].clicked == all.rows[i].clicked);
    for (std::size_t j = 0; j < 8; ++j) {
      REQUIRE(few.truth_of(i)[j] == all.truth_of(i)[j]);
      REQUIRE(same(few.served_of(i)[j], all.served_of(i)[j]));
    }
  }
  REQUIRE(rows_of(log_of(world, 8), Hour{3}, served).truth != all.truth);
  REQUIRE(rows_of(log, Hour{4}, served).truth != all.truth);
}

TEST_CASE("another version in production meets the same requests") {
  const ChangingWorld world = rich_world();
  const LinearModel model = model_of(world);
  LinearModel reversed = model;
  for (double& weight : reversed.weights) weight = -weight;
  const RowLog log = log_of(world);
  const LoggedRows with = rows_of(log, Hour{3}, {&model}),
                   other = rows_of(log, Hour{3}, {&reversed});
  int shown_otherwise = 0, moved = 0;
  for (std::size_t i = 0; i < with.rows.size(); ++i) {
    const LoggedRow &a = with.rows[i], &b = other.rows[i];
    REQUIRE(a.member == b.member);
    REQUIRE(a.moved_by == b.moved_by);
    REQUIRE(a.explored == b.explored);
    REQUIRE(a.label_known == b.label_known);
    if (a.explored) REQUIRE(a.clicked == b.clicked);
    shown_otherwise += with.truth_of(i)[0] != other.truth_of(i)[0] ? 1 : 0;
    moved += a.moved_by == 1 ? 1 : 0;
  }
  REQUIRE(shown_otherwise > 300);
  REQUIRE((moved > 100 && moved < 300));  // half of 388
}

TEST_CASE("rows are served as the version saw them") {
  const ChangingWorld world = rich_world();
  const LinearModel model = model_of(world);
  const RowLog log = log_of(world);
  const LoggedRows fresh = rows_of(log, Hour{3}, {&model});
  Values retention(8, 1);
  retention[2] = 0;
  const LoggedRows stale = rows_of(log, Hour{3}, {&model, retention});
  int absent = 0;
  double product = 0;
  for (std::size_t i = 0; i < fresh.rows.size(); ++i) {
    for (std::size_t j = 0; j < 8; ++j) {
      const double served = fresh.served_of(i)[j];
      if (j == 3 && std::isnan(served)) {
        ++absent;
      } else {
        REQUIRE(served == fresh.truth_of(i)[j]);
      }
    }
    REQUIRE(stale.served_of(i)[2] != stale.truth_of(i)[2]);
    if (stale.rows[i].explored) product += stale.served_of(i)[2] * stale.truth_of(i)[2];
    REQUIRE(fresh.rows[i].label_known >= fresh.rows[i].at);
  }
  const double n = double(fresh.rows.size());
  REQUIRE(std::abs(absent - 0.25 * n) <= 4 * std::sqrt(0.25 * 0.75 * n));
  REQUIRE(std::abs(product) <= 4 * std::sqrt(0.05 * n));
}

TEST_CASE("before there is a version every candidate is as likely") {
  const ChangingWorld world("rec", {});
  const RowLog log = log_of(world);
  LoggedRows rows;
  for (int hour = -50; hour < 0; ++hour) log.append(Hour{hour}, {}, 400, rows);
  double sum = 0, clicks = 0;
  for (std::size_t i = 0; i < rows.rows.size(); ++i) {
    sum += rows.truth_of(i)[1];
    clicks += rows.rows[i].clicked ? 1 : 0;
  }
  const double n = double(rows.rows.size()), rate = random_engagement(world.initial());
  REQUIRE(std::abs(sum / n) <= 4 / std::sqrt(n));
  REQUIRE(std::abs(clicks / n - rate) <= 4 * std::sqrt(rate * (1 - rate) / n));
}

TEST_CASE("ties are broken uniformly among those that tie") {
  const ChangingWorld world("rec", {});
  LinearModel none = model_of(world);
  none.weights.assign(8, 0);
  const RowLog log = log_of(world);
  const LoggedRows tied = rows_of(log, Hour{1}, {&none}), before = rows_of(log, Hour{1}, {});
  REQUIRE(tied.truth == before.truth);
}
