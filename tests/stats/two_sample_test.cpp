#include "stats/two_sample.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "stats/kolmogorov.hpp"
#include "stats/random.hpp"

using namespace rehearse::stats;
using Values = std::vector<double>;

TEST_CASE("the one-sample Kolmogorov tail follows its closed forms") {
  // For n d <= 1: P(D_n < d) = n! (2d - 1/n)^n.
  REQUIRE(kolmogorov_one_sample_tail(0.8, 1) == Approx(0.4).epsilon(1e-9));
  REQUIRE(kolmogorov_one_sample_tail(0.3, 3) ==
          Approx(1 - 6 * std::pow(0.6 - 1.0 / 3, 3)).epsilon(1e-9));
  REQUIRE(kolmogorov_one_sample_tail(0.0, 10) == 1);
  REQUIRE(kolmogorov_one_sample_tail(1.0, 10) == 0);
}

TEST_CASE("the branches of the Kolmogorov tail meet without a jump") {
  for (const std::size_t n : {20, 100, 139, 500, 5000}) {
    const double root = std::sqrt(double(n));
    const double border = std::sqrt(2.2) / root;
    const double below = kolmogorov_one_sample_tail(border * (1 - 1e-9), n);
    const double above = kolmogorov_one_sample_tail(border * (1 + 1e-9), n);
    CAPTURE(n);
    REQUIRE(below == Approx(above).epsilon(2e-5));
  }
  for (const double z : {0.5, 0.8, 1.2, 1.4}) {
    const double matrix = kolmogorov_one_sample_tail(z / std::sqrt(140.0), 140);
    const double series = kolmogorov_one_sample_tail(z / std::sqrt(141.0), 141);
    REQUIRE(matrix == Approx(series).epsilon(2e-3));  // neighbours in n differ by that much
  }
}

TEST_CASE("the exact two-sample tail counts paths") {
  // n = m = 2: of 6 orders, D = 1 in 2, D >= 1/2 in all.
  REQUIRE(kolmogorov_two_sample_exact_tail(1.0, 2, 2) == Approx(2.0 / 6));
  REQUIRE(kolmogorov_two_sample_exact_tail(0.5, 2, 2) == Approx(1.0));
  // n = 3, m = 2: D = 1 in 2 of 10.
  REQUIRE(kolmogorov_two_sample_exact_tail(1.0, 3, 2) == Approx(0.2));
  // Equal sizes: P(D >= h/n) = 2 (C(2n, n-h) - C(2n, n-2h) + ...) / C(2n, n); n = 5, h = 3.
  REQUIRE(kolmogorov_two_sample_exact_tail(0.6, 5, 5) == Approx(2 * 45.0 / 252).epsilon(1e-12));
}

TEST_CASE("ties leave fewer orders to count") {
  // Six of ten x are large, no y is: all large ones in one sample has probability
  // 2 C(10,6) / C(20,6).
  Values x(10, 3.0), y(10, 3.0);
  for (std::size_t i = 4; i < 10; ++i) x[i] = 250;
  REQUIRE(kolmogorov_smirnov_exact_p_sorted(x, y, 0.6) == Approx(2 * 210 / 38760.0).epsilon(1e-12));
  REQUIRE(kolmogorov_smirnov_exact_p_sorted(y, y, 0) == 1);
}

TEST_CASE("the Kolmogorov-Smirnov statistic handles ties and unequal sizes") {
  const Values x = {1, 2, 2, 3}, y = {2, 2, 4};
  REQUIRE(kolmogorov_smirnov_statistic_sorted(x, y) == Approx(1.0 / 3));
  REQUIRE(kolmogorov_smirnov_statistic_sorted(x, x) == 0);
  REQUIRE_FALSE(kolmogorov_smirnov_sorted(x, Values{}).has_value());
}

TEST_CASE("one-sided distances say which sample reaches further") {
  const OneSidedDistances d = one_sided_distances_sorted(Values{0, 5, 6, 7}, Values{1, 2, 3, 4});
  REQUIRE(d.above == 0.75);
  REQUIRE(d.below == 0.25);
}

TEST_CASE("the classical limit has its tabulated critical values") {
  REQUIRE(kolmogorov_limit_tail(1.3580986) == Approx(0.05).epsilon(1e-6));
  REQUIRE(kolmogorov_limit_tail(1.6276236) == Approx(0.01).epsilon(1e-6));
  REQUIRE(kolmogorov_limit_tail(0.1) == Approx(1.0));
}

TEST_CASE("Welch's test needs two values a side and some variance") {
  REQUIRE_FALSE(welch(Values{1}, Values{1, 2}).has_value());
  REQUIRE_FALSE(welch(Values{1, 1}, Values{2, 2}).has_value());
  const Welch w = *welch(Values{1, 2, 3}, Values{2, 4, 6});
  REQUIRE(w.t == Approx(-2 / std::sqrt(5.0 / 3)).epsilon(1e-12));
  REQUIRE(w.df == Approx((5.0 / 3) * (5.0 / 3) / (1.0 / 18 + 16.0 / 18)).epsilon(1e-12));
  REQUIRE(w.low < -2);
  REQUIRE(w.high > -2);
}

TEST_CASE("a chi-square test is not defined on impossible categories") {
  REQUIRE_FALSE(chi_square({1, 2}, {0, 1}).has_value());
  REQUIRE_FALSE(chi_square({5}, {1}).has_value());
  const ChiSquare c = *chi_square({60, 40}, {0.5, 0.5});
  REQUIRE(c.statistic == Approx(4.0));
  REQUIRE(c.p_value == Approx(0.04550026389635842).epsilon(1e-10));
}

TEST_CASE(
    "p-values of the Kolmogorov-Smirnov and Cramer-von Mises tests are uniform under no change") {
  Stream stream(41, 0, "null");
  int ks = 0, cvm = 0;
  const int runs = 2000;
  for (int run = 0; run < runs; ++run) {
    Values x(60), y(80);
    for (double& v : x) v = stream.uniform();
    for (double& v : y) v = stream.uniform();
    const Values xs = sorted(x), ys = sorted(y);
    ks += kolmogorov_smirnov_sorted(xs, ys)->p_value <= 0.1 ? 1 : 0;
    cvm += cramer_von_mises_sorted(xs, ys)->p_value <= 0.1 ? 1 : 0;
  }
  REQUIRE(cvm / double(runs) == Approx(0.1).margin(0.03));
  REQUIRE(ks / double(runs) < 0.13);
  REQUIRE(ks / double(runs) > 0.05);  // discrete, so on the safe side
}
