#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "stats/distributions.hpp"
#include "stats/intervals.hpp"
#include "stats/moments.hpp"
#include "stats/quantiles.hpp"
#include "stats/ranks.hpp"
#include "stats/roots.hpp"

using namespace rehearse::stats;
using Values = std::vector<double>;

TEST_CASE("moments survive an offset a billion times the spread") {
  Moments m;
  for (const double v : {4.0, 7.0, 13.0, 16.0}) m.add(1e9 + v);
  REQUIRE(m.mean() == Approx(1e9 + 10).epsilon(1e-15));
  REQUIRE(m.sample_variance() == Approx(30.0).epsilon(1e-9));
  REQUIRE(m.population_variance() == Approx(22.5).epsilon(1e-9));
}

TEST_CASE("moments of two halves joined are those of the whole") {
  Stream stream(11, 0, "moments");
  Moments whole, left, right;
  for (int i = 0; i < 1000; ++i) {
    const double v = stream.normal() * 3 + 100;
    whole.add(v);
    (i < 300 ? left : right).add(v);
  }
  left.merge(right);
  left.merge(Moments{});
  REQUIRE(left.count() == 1000);
  REQUIRE(left.mean() == Approx(whole.mean()).epsilon(1e-13));
  REQUIRE(left.sample_variance() == Approx(whole.sample_variance()).epsilon(1e-12));
}

TEST_CASE("a quantile interpolates between neighbours and falls on values exactly") {
  const Values v = {40, 10, 20, 30};
  REQUIRE(quantile(v, 0) == 10);
  REQUIRE(quantile(v, 1) == 40);
  REQUIRE(quantile(v, 0.5) == 25);
  REQUIRE(quantile(v, 0.25) == 17.5);
  const Values tenths = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1};
  for (std::size_t i = 0; i <= 10; ++i) REQUIRE(quantile_sorted(tenths, i, 10) == tenths[i]);
  REQUIRE(quantile(Values{5}, 0.7) == 5);
}

TEST_CASE("the empirical distribution function counts values at or below") {
  const Values v = {1, 2, 2, 5};
  REQUIRE(ecdf_sorted(v, 0.9) == 0);
  REQUIRE(ecdf_sorted(v, 2) == 0.75);
  REQUIRE(ecdf_sorted(v, 5) == 1);
}

TEST_CASE("tied values share the mean of their ranks") {
  REQUIRE(mid_ranks(Values{30, 10, 20, 20, 20}) == Values{5, 1, 3, 3, 3});
  REQUIRE(tie_sum_sorted(Values{1, 1, 2, 3, 3, 3}) == 6 + 24);
}

TEST_CASE("distribution functions agree with tabulated values") {
  REQUIRE(normal_cdf(1.959963984540054) == Approx(0.975).epsilon(1e-14));
  REQUIRE(normal_quantile(0.975) == Approx(1.959963984540054).epsilon(1e-14));
  REQUIRE(student_quantile(0.975, 10) == Approx(2.228138851964939).epsilon(1e-10));
  REQUIRE(student_two_sided(2.228138851964939, 10) == Approx(0.05).epsilon(1e-10));
  REQUIRE(chi_square_tail(3.841458820694124, 1) == Approx(0.05).epsilon(1e-10));
  REQUIRE(binomial_at_least(8, 10, 0.5) == Approx(56.0 / 1024).epsilon(1e-12));
  REQUIRE(binomial_at_most(2, 10, 0.5) == Approx(56.0 / 1024).epsilon(1e-12));
  // Anderson and Darling (1952), table 1.
  REQUIRE(cramer_von_mises_limit_cdf(0.46136) == Approx(0.95).margin(1e-5));
  REQUIRE(cramer_von_mises_limit_cdf(0.74346) == Approx(0.99).margin(1e-5));
}

TEST_CASE("the root finder stops within its tolerance of the root") {
  const auto f = [](double x) { return x * x * x - 2; };
  REQUIRE(find_root(f, 0, 2, 1e-12) == Approx(std::cbrt(2.0)).epsilon(1e-11));
  const auto step = [](double x) { return x < 0.3 ? 1.0 : -1.0; };
  REQUIRE(std::abs(find_root(step, 0, 1, 1e-4) - 0.3) < 1e-4);
}

TEST_CASE("proportion intervals stay within 0 and 1 and hold the share") {
  const Interval wilson = wilson_interval(10, 100, 0.95);  // worked by hand from the formula
  REQUIRE(wilson.low == Approx(0.05522914).margin(1e-7));
  REQUIRE(wilson.high == Approx(0.17436566).margin(1e-7));
  REQUIRE(wilson_interval(0, 20, 0.99).low == 0);
  REQUIRE(wilson_interval(20, 20, 0.99).high == 1);
  // With no success the upper end solves (1 - p)^n = tail.
  const Interval exact = exact_proportion_interval(0, 20, 0.95);
  REQUIRE(exact.low == 0);
  REQUIRE(exact.high == Approx(1 - std::pow(0.025, 1.0 / 20)).epsilon(1e-12));
}

TEST_CASE("the t interval covers the mean as often as it says") {
  Stream stream(21, 0, "coverage");
  int covered = 0;
  const int runs = 4000;
  for (int run = 0; run < runs; ++run) {
    Values v(8);
    for (double& x : v) x = 5 + stream.normal();
    const Interval interval = *t_interval(v, 0.9);
    covered += interval.low <= 5 && 5 <= interval.high ? 1 : 0;
  }
  REQUIRE(covered / double(runs) == Approx(0.9).margin(0.02));  // 4 standard errors
  REQUIRE_FALSE(t_interval(Values{1}, 0.9).has_value());
}

TEST_CASE("the bootstrap interval of a mean is close to the t interval") {
  Stream data(31, 0, "data"), draws(31, 0, "bootstrap");
  Values v(200);
  for (double& x : v) x = data.normal();
  const Interval t = *t_interval(v, 0.95);
  const Interval b = *bootstrap_interval(
      v, [](Sample s) { return mean(s); }, 0.95, 4000, draws);
  REQUIRE(b.low == Approx(t.low).margin(0.02));
  REQUIRE(b.high == Approx(t.high).margin(0.02));
}
