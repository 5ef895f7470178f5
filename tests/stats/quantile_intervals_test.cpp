#include "stats/quantile_intervals.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <vector>

#include "stats/random.hpp"

using namespace rehearse::stats;

TEST_CASE("order pairs are those of the binomial tables") {
  // Conover (1999), table A3: the median of 6 to 20 values at 95%.
  CHECK_FALSE(quantile_order_pair(5, 0.5, 0.95));
  const auto pair = [](std::size_t n, double p) {
    const auto found = quantile_order_pair(n, p, 0.95);
    REQUIRE(found);
    return std::pair(found->low + 1, found->high + 1);
  };
  CHECK(pair(6, 0.5) == std::pair<std::size_t, std::size_t>(1, 6));
  CHECK(pair(10, 0.5) == std::pair<std::size_t, std::size_t>(2, 9));
  CHECK(pair(20, 0.5) == std::pair<std::size_t, std::size_t>(6, 15));
  CHECK(pair(100, 0.5) == std::pair<std::size_t, std::size_t>(40, 61));
  CHECK_FALSE(quantile_order_pair(35, 0.9, 0.95));
  CHECK(pair(36, 0.9).second == 36);
}

TEST_CASE("intervals of a quantile cover it as often as promised, whatever the distribution") {
  Stream stream(20261121, 0, "quantile intervals");
  for (const double p : {0.5, 0.9}) {
    int covered = 0;
    constexpr int kTrials = 4000;
    for (int trial = 0; trial < kTrials; ++trial) {
      std::vector<double> values(60);
      for (double& value : values) value = stream.exponential(1);
      std::sort(values.begin(), values.end());
      const auto interval = quantile_interval_sorted(values, p, 0.95);
      REQUIRE(interval);
      const double truth = -std::log1p(-p);
      covered += interval->low <= truth && truth <= interval->high;
    }
    INFO("p = " << p << ", covered " << covered << " of " << kTrials);
    CHECK(covered >= 0.945 * kTrials);  // 0.95 less 1.5 standard errors
    CHECK(covered <= 0.99 * kTrials);
  }
}
