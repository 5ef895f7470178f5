#include "measure/lags.hpp"

#include <catch2/catch.hpp>

#include "measure/age_distribution.hpp"
#include "measure/wide_sum.hpp"

using namespace rehearse;
using namespace rehearse::measure;

namespace {
constexpr Time at(std::int64_t seconds) { return Time{} + Duration::seconds(seconds); }
constexpr Int128 kSecond = 1'000'000'000;
}  // namespace

TEST_CASE("a lag belongs to the window in which it starts") {
  Lags lags(Window{at(10), at(100), at(110)});
  lags.add(at(9), at(50));
  lags.add(at(10), at(11));
  lags.add(at(99), at(105));
  lags.add(at(100), at(108));
  lags.add_censored(at(90));
  lags.add_censored(at(5));
  const Lags::Summary summary = lags.summary();
  CHECK(summary.count == 3);
  CHECK(summary.censored == 1);
  CHECK(summary.p50 == 6);
  CHECK(summary.p99 == 20);
  CHECK(summary.max == 20);
  CHECK(summary.mean == 9);
}

TEST_CASE("the 99th percentile of a hundred lags is the 99th") {
  Lags lags(Window{at(0), at(1000), at(1000)});
  for (int i = 100; i >= 1; --i) lags.add(at(0), at(i));
  CHECK(lags.summary().p50 == 50);
  CHECK(lags.summary().p99 == 99);
  CHECK(lags.summary().max == 100);
}

TEST_CASE("without lags all figures are 0") {
  const Lags::Summary summary = Lags(Window{at(0), at(1), at(1)}).summary();
  CHECK(summary.count == 0);
  CHECK(summary.p99 == 0);
}

TEST_CASE("quantiles of age interpolate within linear segments and jump over gaps") {
  AgeDistribution ages;
  ages.add(Duration::seconds(0), Duration::seconds(10));
  ages.add(Duration::seconds(0), Duration::seconds(10));
  ages.add(Duration::seconds(50), Duration::seconds(60));
  // 30 s stale of 60 s: half is fresh, a third more lies below 10 s, the rest from 50 to 60 s.
  const auto q = ages.quantiles({25, 50, 60, 90, 95, 100}, 60 * kSecond);
  CHECK(q[0] == 0);
  CHECK(q[1] == 0);
  CHECK(q[2] == Approx(3.0));
  CHECK(q[3] == Approx(54.0));
  CHECK(q[4] == Approx(57.0));
  CHECK(q[5] == 60);
  CHECK(ages.max() == Duration::seconds(60));
}

TEST_CASE("quantiles of age are 0 where nothing existed or all was fresh") {
  CHECK(AgeDistribution().quantiles({50, 99}, 0) == std::vector<double>{0, 0});
  CHECK(AgeDistribution().quantiles({50, 100}, kSecond) == std::vector<double>{0, 0});
}

TEST_CASE("a wide sum holds what 128 bits do not") {
  WideSum sum;
  const Int128 big = Int128{1} << 125;
  for (int i = 0; i < 64; ++i) sum.add(big + 1);
  CHECK(sum.value() == std::ldexp(1.0L, 131));
  WideSum other = sum;
  other.add(-5);
  WideSum difference = sum - other;
  CHECK(difference.value() == 5);
  WideSum five;
  five.add(5);
  CHECK(difference == five);
}
