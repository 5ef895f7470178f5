#include "stats/rank_tests.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>

#include "stats/distributions.hpp"
#include "stats/random.hpp"
#include "stats/ranks.hpp"

using namespace rehearse::stats;
using Values = std::vector<double>;

namespace {

Values differences(const Values& x, const Values& y) {
  Values all;
  for (const double a : x) {
    for (const double b : y) all.push_back(a - b);
  }
  std::sort(all.begin(), all.end());
  return all;
}

Values draw(Stream& stream, std::size_t n, double step) {
  Values values(n);
  for (double& v : values) {
    v = stream.normal() * 4;
    if (step > 0) v = std::round(v / step) * step;
  }
  std::sort(values.begin(), values.end());
  return values;
}

}  // namespace

TEST_CASE("Mann-Whitney's statistic counts pairs with ties as halves") {
  const auto test = *mann_whitney(Values{3, 1}, Values{1, 2, 5});
  REQUIRE(test.w == 0.5 + 2);
  // sigma^2 = 6/12 (6 - 6/20), distance from the mean 0.5, corrected 0.
  REQUIRE(test.z == 0);
  REQUIRE(test.p_value == 1);
  REQUIRE_FALSE(mann_whitney(Values{2, 2}, Values{2}).has_value());
  REQUIRE_FALSE(mann_whitney(Values{}, Values{2}).has_value());
}

TEST_CASE("the exact shift interval ends on the jumps that brute force finds") {
  const std::uint64_t seed = 51;
  Stream stream(seed, 0, "brute force");
  for (int run = 0; run < 300; ++run) {
    CAPTURE(seed, run);
    const std::size_t m = 1 + stream.below(25);
    const std::size_t n = 1 + stream.below(25);
    const double step = run % 3 == 0 ? 0 : run % 3 == 1 ? 1 : 3;
    const Values x = draw(stream, m, step);
    const Values y = draw(stream, n, step);
    const Values all = differences(x, y);
    const double ties = tie_sum_sorted(x) + tie_sum_sorted(y);
    const double total = double(m + n);
    const double sigma = std::sqrt(double(m * n) / 12 * (total + 1 - ties / (total * (total - 1))));
    const double z = normal_quantile(0.975);
    // Between the k-th and the next difference W = mn - k.
    const auto statistic = [&](std::size_t k) {
      const double d = double(all.size() - k) - double(all.size()) / 2;
      return (d - (d > 0 ? 0.5 : d < 0 ? -0.5 : 0.0)) / sigma;
    };
    std::size_t low = 1, high = 1;
    while (low < all.size() && statistic(low) > z) ++low;
    while (high < all.size() && statistic(high) > -z) ++high;
    const Shift shift = *shift_sorted(x, y, 0.95);
    REQUIRE(shift.low == all[low - 1]);
    REQUIRE(shift.high == all[high - 1]);
    const ShiftBracket bracket = shift_bracket_sorted(x, y);
    REQUIRE(bracket.low == all[(all.size() - 1) / 2]);
    REQUIRE(bracket.high == all[all.size() / 2]);
    REQUIRE(shift.estimate >= bracket.low);
    REQUIRE(shift.estimate <= bracket.high);
  }
}

TEST_CASE("swapping the samples mirrors the shift") {
  Stream stream(52, 0, "mirror");
  const Values x = draw(stream, 40, 0), y = draw(stream, 33, 0);
  const Shift there = *shift_sorted(x, y, 0.98), back = *shift_sorted(y, x, 0.98);
  REQUIRE(there.low == -back.high);
  REQUIRE(there.high == -back.low);
  REQUIRE(there.estimate == -back.estimate);
}

TEST_CASE("ten thousand values a side need no table of their differences") {
  Stream stream(53, 0, "large");
  Values x = draw(stream, 10'000, 0), y = draw(stream, 10'000, 0);
  for (double& v : x) v += 0.25;
  const Shift shift = *shift_sorted(x, y, 0.95);
  REQUIRE(shift.low < 0.25);
  REQUIRE(shift.high > 0.25);
  REQUIRE(shift.high - shift.low < 0.3);
}

TEST_CASE("mostly constant data collapse the exact interval onto the constant") {
  Values x(60, 0.0), y(60, 0.0);
  x.back() = 5;
  y.back() = 3;
  const Shift shift = *shift_sorted(x, y, 0.98);
  REQUIRE(shift.low == 0);
  REQUIRE(shift.high == 0);
  REQUIRE(shift.estimate == 0);
}

TEST_CASE("the root finder's interval stays near the exact one") {
  Stream stream(54, 0, "solver");
  const Values x = draw(stream, 50, 0), y = draw(stream, 60, 0);
  const Shift exact = *shift_sorted(x, y, 0.98);
  const Shift solver = *shift_sorted(x, y, 0.98, RootTolerance::like_kayenta);
  REQUIRE(solver.low == Approx(exact.low).margin(2e-4));
  REQUIRE(solver.high == Approx(exact.high).margin(2e-4));
  REQUIRE_FALSE(shift_sorted(Values{3}, Values{0}, 0.98, RootTolerance::like_kayenta).has_value());
}
