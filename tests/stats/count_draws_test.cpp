#include "stats/count_draws.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <numeric>

#include "stats/distributions.hpp"

using namespace rehearse::stats;
using Values = std::vector<double>;

namespace {

/// Chi-square's p-value of draws of whole numbers against their probabilities; cells that expect
/// fewer than five are joined with the next.
double fit(const std::function<std::uint64_t()>& draw, const std::function<double(double)>& share,
           std::size_t most, int draws) {
  Values counts(most + 1, 0);
  for (int i = 0; i < draws; ++i) ++counts[std::min(draw(), std::uint64_t(most))];
  double statistic = 0, observed = 0, expected = 0, total = 0;
  int cells = 0;
  for (std::size_t k = 0; k <= most; ++k) {
    observed += counts[k];
    const double here = k < most ? share(double(k)) : 1 - total;  // the last holds the rest
    total += here;
    expected += here * draws;
    if (expected < 5 && k < most) continue;
    if (expected > 0) statistic += (observed - expected) * (observed - expected) / expected;
    observed = expected = 0;
    ++cells;
  }
  return chi_square_tail(statistic, cells - 1);
}

double log_choose(double n, double k) {
  return std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1);
}

}  // namespace

TEST_CASE("Poisson counts have the law of their mean") {
  for (const double mean : {0.05, 2.5, 9.99, 10.01, 40.0, 1800.0}) {
    CAPTURE(mean);
    Stream stream(41, 0, "poisson");
    const auto share = [&](double k) {
      return std::exp(k * std::log(mean) - mean - std::lgamma(k + 1));
    };
    const auto most = std::size_t(mean + 8 * std::sqrt(mean) + 5);
    CHECK(fit([&] { return draw_poisson(stream, mean); }, share, most, 200'000) > 1e-4);
  }
}

TEST_CASE("binomial counts have the law of their trials") {
  struct Case {
    std::uint64_t n;
    double p;
  };
  for (const Case& one :
       {Case{1, 0.3}, {40, 0.1}, {400, 0.1}, {400, 0.9}, {50, 0.5}, {3000, 0.4}}) {
    CAPTURE(one.n, one.p);
    Stream stream(42, 0, "binomial");
    const double n = double(one.n);
    const auto share = [&](double k) {
      return std::exp(log_choose(n, k) + k * std::log(one.p) + (n - k) * std::log1p(-one.p));
    };
    CHECK(fit([&] { return draw_binomial(stream, one.n, one.p); }, share, one.n, 200'000) > 1e-4);
  }
}

TEST_CASE("what is certain draws nothing") {
  Stream stream(1, 0, "x"), untouched(1, 0, "x");
  REQUIRE(draw_poisson(stream, 0) == 0);
  REQUIRE(draw_binomial(stream, 7, 0) == 0);
  REQUIRE(draw_binomial(stream, 7, 1) == 7);
  REQUIRE(draw_binomial(stream, 0, 0.5) == 0);
  Values counts;
  draw_multinomial(stream, 9, Values{0, 3, 0}, counts);
  REQUIRE(counts == Values{0, 9, 0});
  REQUIRE(stream() == untouched());
}

TEST_CASE("multinomial counts sum to what was drawn and follow their shares") {
  const Values shares = {0.1, 0, 0.25, 0.05, 0.6, 0};
  Stream stream(43, 0, "multinomial");
  Values counts, sums(shares.size(), 0), products(shares.size(), 0);
  const int draws = 100'000, n = 50;
  for (int i = 0; i < draws; ++i) {
    draw_multinomial(stream, n, shares, counts);
    REQUIRE(std::accumulate(counts.begin(), counts.end(), 0.0) == n);
    for (std::size_t j = 0; j < shares.size(); ++j) {
      sums[j] += counts[j];
      products[j] += (counts[j] - n * shares[j]) * (counts[0] - n * shares[0]);
    }
  }
  for (std::size_t j = 0; j < shares.size(); ++j) {
    CAPTURE(j);
    const double variance = n * shares[j] * (1 - shares[j]);
    CHECK(std::abs(sums[j] / draws - n * shares[j]) <= 4 * std::sqrt(variance / draws));
    if (j == 0) continue;
    // The product of two centred counts has about the product of their variances for its own.
    const double margin = 4 * std::sqrt(variance * n * 0.1 * 0.9 / draws);
    CHECK(products[j] / draws == Approx(-n * shares[j] * shares[0]).margin(margin));
  }
}

TEST_CASE("an order statistic of uniform variables has the beta law") {
  Stream stream(44, 0, "beta");
  const double a = 99, b = 2;
  Values below(10, 0);
  for (int i = 0; i < 100'000; ++i) {
    const double x = draw_beta(stream, a, b);
    for (std::size_t k = 1; k < 10; ++k) {
      if (x <= beta_quantile(double(k) / 10, a, b)) ++below[k];
    }
    REQUIRE((x > 0 && x < 1));
  }
  for (std::size_t k = 1; k < 10; ++k) {
    const double p = double(k) / 10;
    CHECK(std::abs(below[k] / 100'000 - p) <= 4 * std::sqrt(p * (1 - p) / 100'000));
  }
}
