// Two samples of categories: exact values, permutations, and how often a test without any drift
// calls it.
#include "stats/contingency.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <string>

#include "stats/moments.hpp"
#include "stats/p_value.hpp"
#include "stats/random.hpp"

using namespace rehearse::stats;
using Counts = std::vector<double>;

namespace {

constexpr std::size_t kCategories = 8;

/// Shares of 8 categories: equal ones, or 1/2, 1/4, ... with the last one twice.
Counts shares_of(bool geometric) {
  Counts shares(kCategories, 1.0 / kCategories);
  if (!geometric) return shares;
  double left = 1;
  for (double& share : shares) share = left /= 2;
  shares.back() *= 2;
  return shares;
}

Counts draw(const Counts& shares, std::size_t size, Stream& stream) {
  Counts counts(shares.size(), 0.0);
  for (std::size_t i = 0; i < size; ++i) {
    double at = stream.uniform();
    std::size_t category = 0;
    while (category + 1 < shares.size() && at >= shares[category]) at -= shares[category++];
    ++counts[category];
  }
  return counts;
}

/// How often p is below 0.05 where both samples come from one distribution.
double rejected(std::size_t reference, std::size_t current, bool geometric, int repetitions) {
  Stream stream(15, 0, "null tables");
  const Counts shares = shares_of(geometric);
  int below = 0;
  for (int i = 0; i < repetitions; ++i) {
    const Counts first = draw(shares, reference, stream);
    const Counts second = draw(shares, current, stream);
    below += two_sample_chi_square(first, second)->p_value < 0.05 ? 1 : 0;
  }
  return double(below) / repetitions;
}

}  // namespace

TEST_CASE("a two-sample chi-square is that of the table of two rows") {
  // R: chisq.test(rbind(c(60, 40), c(5500, 4500)), correct = FALSE)
  const auto test = *two_sample_chi_square({60, 40}, {5500, 4500});
  CHECK(test.statistic == Approx(1.00030108));
  CHECK(test.df == 1);
  CHECK(test.p_value == Approx(0.3172376661));
  CHECK(test.test == TableTest::limit);
  const auto three = *two_sample_chi_square({10, 20, 30}, {20, 20, 20});
  CHECK(three.statistic == Approx(16.0 / 3));
  CHECK(three.p_value == Approx(std::exp(-8.0 / 3)));
}

TEST_CASE("small tables of two categories are Fisher's") {
  // R: fisher.test(rbind(c(3, 0), c(0, 3)))
  const auto test = *two_sample_chi_square({3, 0}, {0, 3});
  CHECK(test.test == TableTest::exact);
  CHECK(test.p_value == Approx(0.1));
  CHECK(two_sample_chi_square({1, 8}, {9, 3})->p_value == Approx(0.007518796992));
  CHECK(two_proportions_p(0, 3, 3, 3) == Approx(0.1));
  CHECK(two_proportions_p(0, 100, 90, 100) < 1e-30);
  CHECK(two_proportions_p(0, 0, 1, 2) == 1);
  CHECK(two_proportions_p(5, 5, 7, 7) == 1);
}

TEST_CASE("a p-value is written as it is, and never as 0") {
  CHECK(p_value_text(0.02345, 2) == "p 0.023");
  CHECK(p_value_text(1e-300, 2) == "p 1e-300");
  CHECK(p_value_text(1e-310, 4) == "p < 1e-300");
  CHECK(p_value_text(0, 2, 1e-15) == "p < 1e-15");
  CHECK(p_value_text(two_sample_chi_square({9000, 0}, {0, 9000})->p_value, 2) == "p < 1e-300");
}

TEST_CASE("a table without two categories or without a sample has no chi-square") {
  CHECK_FALSE(two_sample_chi_square({5}, {6}));
  CHECK_FALSE(two_sample_chi_square({5, 0}, {6, 0}));
  CHECK_FALSE(two_sample_chi_square({0, 0}, {6, 1}));
}

TEST_CASE("what no table can tell has p-value 1") {
  const Counts ones(50, 1.0), none(50, 0.0);
  Counts first = ones, second = none;
  first.insert(first.end(), none.begin(), none.end());
  second.insert(second.end(), ones.begin(), ones.end());
  CHECK(two_sample_chi_square(first, second)->p_value == 1);
}

TEST_CASE("the moments of the statistic are those of random tables with the same margins") {
  const Counts totals = {1, 2, 3, 4, 7, 30};
  const double first = 12, second = 35;
  std::vector<int> pool;
  for (std::size_t i = 0; i < totals.size(); ++i) pool.insert(pool.end(), int(totals[i]), int(i));
  Stream stream(1, 0, "tables");
  Moments seen;
  for (int i = 0; i < 200'000; ++i) {
    Counts counts(totals.size(), 0.0);
    for (std::size_t d = 0; d < 12; ++d) {
      std::swap(pool[d], pool[d + stream.below(pool.size() - d)]);
      ++counts[std::size_t(pool[d])];
    }
    Counts rest = totals;
    double statistic = 0;
    for (std::size_t c = 0; c < totals.size(); ++c) {
      const double a = totals[c] * first / 47, b = totals[c] * second / 47;
      rest[c] -= counts[c];
      statistic += (counts[c] - a) * (counts[c] - a) / a + (rest[c] - b) * (rest[c] - b) / b;
    }
    seen.add(statistic);
  }
  const TableMoments moments = chi_square_moments(first, second, totals);
  CHECK(moments.mean == Approx(seen.mean()).epsilon(0.005));
  CHECK(moments.variance == Approx(seen.population_variance()).epsilon(0.02));
}

TEST_CASE("a table that no permutation reaches is told from one that many do") {
  Counts first = {400, 300, 3, 2, 1}, same = {401, 299, 2, 3, 1}, other = {3, 2, 300, 400, 1};
  CHECK(two_sample_chi_square(first, same)->p_value > 0.3);
  const auto near = *two_sample_chi_square({30, 20, 3, 2, 1}, {10, 20, 9, 8, 7});
  CHECK(near.test == TableTest::moments);
  CHECK(near.p_value < 1.0 / 2000);
  CHECK(near.p_value > 1e-8);
  const auto far = *two_sample_chi_square(first, other);
  CHECK(far.p_value < 1e-9);
  CHECK(far.test == TableTest::moments);
}

TEST_CASE("without drift a two-sample chi-square of small samples calls it one time in twenty") {
  for (const bool geometric : {false, true}) {
    CAPTURE(geometric);
    const double share = rejected(200, 2000, geometric, 1000);
    CHECK(share > 0.025);
    CHECK(share < 0.075);
  }
}

// 20 000 repetitions for each line; the test's standard error is 0.0015.
TEST_CASE("without drift a two-sample chi-square keeps its size", "[long]") {
  struct Sizes {
    std::size_t reference, current;
  };
  for (const Sizes sizes :
       {Sizes{1000, 1000}, Sizes{200, 2000}, Sizes{200, 20000}, Sizes{2000, 200}}) {
    for (const bool geometric : {false, true}) {
      const double share = rejected(sizes.reference, sizes.current, geometric, 20'000);
      WARN(sizes.reference << "/" << sizes.current << (geometric ? " geometric: " : " equal: ")
                           << share);
      CHECK(share >= 0.044);
      CHECK(share <= 0.056);
    }
  }
}

TEST_CASE("tails of two proportions and of a range are those of counting all tables") {
  // Fisher's tea: 3 of 4 against 1 of 4 has the tail 17/70 (Fisher 1935).
  REQUIRE(exact_proportions_p(3, 4, 1, 4) == Approx(34.0 / 70));
  REQUIRE(exact_proportions_p(1, 4, 3, 4) == Approx(34.0 / 70));
  REQUIRE(exact_proportions_p(0, 0, 1, 4) == 1);
  REQUIRE(exact_proportions_p(0, 5, 0, 4) == 1);
  REQUIRE(exact_proportions_p(5, 5, 0, 5) == Approx(2.0 / 252));
  REQUIRE(exact_proportions_p(0, 1000, 450, 1000) < 1e-100);
  REQUIRE(all_from_one_p(0, 5, 5) == 1);
  REQUIRE(all_from_one_p(5, 5, 5) == Approx(1.0 / 252));
  REQUIRE(all_from_one_p(1, 3, 7) == Approx(0.3));
  REQUIRE(all_from_one_p(2, 3, 7) == Approx(0.3 * 2 / 9));
}
