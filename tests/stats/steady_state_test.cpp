#include "stats/steady_state.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "stats/random.hpp"

using namespace rehearse::stats;

namespace {

// An AR(1) series around 10 that starts at `start`.
std::vector<double> series(std::size_t n, double correlation, double start, std::uint64_t seed) {
  Stream stream(seed, 0, "steady state");
  std::vector<double> values;
  double deviation = start - 10;
  for (std::size_t i = 0; i < n; ++i) {
    values.push_back(10 + deviation);
    deviation =
        correlation * deviation + std::sqrt(1 - correlation * correlation) * stream.normal();
  }
  return values;
}

}  // namespace

TEST_CASE("the least standard error is found by hand: 10 bad values, then calm") {
  std::vector<double> values(100, 1.0);
  for (std::size_t i = 0; i < 10; ++i) values[i] = 50;
  for (std::size_t i = 10; i < 100; ++i) values[i] += i % 2 == 0 ? 0.1 : -0.1;
  const auto truncation = mser5(values);
  REQUIRE(truncation);
  CHECK(truncation->observations == 10);
  CHECK(truncation->settled);
  CHECK(mser5(std::vector<double>(100, 3.0))->observations == 0);
  CHECK_FALSE(mser5(std::vector<double>(19, 3.0)));
}

TEST_CASE("a slow start is cut off, and a drift has no end") {
  // Deviation 20 falls by 0.9 a step: after 50 steps it is a tenth of the noise.
  double mean_cut = 0;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const auto truncation = mser5(series(400, 0.9, 30, seed));
    REQUIRE(truncation);
    mean_cut += static_cast<double>(truncation->observations) / 50;
  }
  CHECK(mean_cut > 20);
  CHECK(mean_cut < 100);
  std::vector<double> drift;
  for (int i = 0; i < 200; ++i) drift.push_back(i);
  CHECK_FALSE(mser5(drift)->settled);
}

TEST_CASE("batches grow until neighbours are uncorrelated, and their interval covers the mean") {
  int covered = 0, trusted = 0;
  double width = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    const auto result = batch_means(series(4000, 0.9, 10, seed), 0.95);
    REQUIRE(result);
    trusted += result->independent;
    covered += result->interval.low <= 10 && 10 <= result->interval.high;
    width += (result->interval.high - result->interval.low) / 400;
  }
  CHECK(trusted > 360);
  CHECK(covered > 360);  // of 400
  // Nor are the intervals wider than they have to be: the mean of such a series has the variance
  // (1 + 0.9) / (1 - 0.9) / 4000, and with a few batches Student's quantile is above the normal
  // one.
  const double least = 2 * 1.96 * std::sqrt(19.0 / 4000);
  CHECK(width > 0.9 * least);
  CHECK(width < 1.25 * least);
  // Too short for its correlation: 200 steps of a series that remembers 100.
  int doubted = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    doubted += !batch_means(series(200, 0.99, 10, seed), 0.95)->independent;
  }
  CHECK(doubted > 60);
  CHECK(batch_means(std::vector<double>(100, 2.0), 0.95)->lag1 == 0);
}

TEST_CASE("the lag-1 correlation is that of the definition") {
  CHECK(lag1_correlation(std::vector<double>{1, 2, 3, 4}) == Approx(0.25));
  CHECK(lag1_correlation(std::vector<double>{1, -1, 1, -1}) == Approx(-0.75));
}
