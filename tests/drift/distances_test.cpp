#include "drift/distances.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <numeric>

#include "stats/random.hpp"

using namespace rehearse::drift;
using Values = std::vector<double>;

namespace {

double total(const Values& counts) { return std::accumulate(counts.begin(), counts.end(), 0.0); }

Bins halves(double reference, double current) {
  Bins bins;
  bins.reference = {reference, 100 - reference};
  bins.current = {current, 100 - current};
  return bins;
}

}  // namespace

TEST_CASE("decile bins of the reference hold a tenth each and lose nothing") {
  Values reference(1000), current;
  std::iota(reference.begin(), reference.end(), 0.0);
  for (int i = -50; i < 2000; i += 10) current.push_back(i);
  const Bins bins = bin_by_quantiles(reference, current);
  REQUIRE(bins.edges.size() == 9);
  REQUIRE(bins.reference == Values(10, 100));
  REQUIRE(total(bins.current) == double(current.size()));
}

TEST_CASE("equal cut points merge and a constant reference has two bins") {
  const Bins bins = bin_by_quantiles(Values(20, 3.0), Values{1, 3, 4});
  REQUIRE(bins.edges == Values{3});
  REQUIRE(bins.reference == Values{20, 0});
  REQUIRE(bins.current == Values{2, 1});
}

TEST_CASE("binned distances follow their definitions on two bins") {
  const Bins bins = halves(50, 80);
  REQUIRE(psi(bins) == Approx(0.3 * std::log(1.6) - 0.3 * std::log(0.4)).epsilon(1e-12));
  REQUIRE(kl(bins) == Approx(0.8 * std::log(1.6) + 0.2 * std::log(0.4)).epsilon(1e-12));
  REQUIRE(total_variation(bins) == Approx(0.3));
  REQUIRE(hellinger(bins) == Approx(std::sqrt(1 - std::sqrt(0.4) - std::sqrt(0.1))).epsilon(1e-12));
}

TEST_CASE("disjoint samples are at distance one and equal ones at zero") {
  const Bins apart = halves(0, 100);
  REQUIRE(jensen_shannon(apart) == Approx(1));
  REQUIRE(hellinger(apart) == Approx(1));
  REQUIRE(total_variation(apart) == Approx(1));
  const Bins same = halves(30, 30);
  for (const double d : {psi(same), kl(same), jensen_shannon(same), hellinger(same)}) {
    REQUIRE(d == 0);
  }
}

TEST_CASE("an empty bin has a floor under its share, not an infinite distance") {
  REQUIRE(psi(halves(0, 50)) ==
          Approx((0.5 - 1e-4) * std::log(0.5 / 1e-4) + (0.5 - 1) * std::log(0.5)).epsilon(1e-12));
}

TEST_CASE("Wasserstein's distance of a shifted sample is the shift") {
  rehearse::stats::Stream stream(71, 0, "shift");
  Values x(300);
  for (double& v : x) v = stream.normal();
  x = rehearse::stats::sorted(x);
  Values y = x;
  for (double& v : y) v += 2.5;
  REQUIRE(wasserstein_sorted(x, y) == Approx(2.5).epsilon(1e-12));
  REQUIRE(wasserstein_sorted(Values{0, 1}, Values{0, 0, 1, 1}) == 0);
  REQUIRE(wasserstein_sorted(Values{0}, Values{-1, 1}) == 1);
}

TEST_CASE("Sturges bins count every value of both samples") {
  rehearse::stats::Stream stream(72, 0, "sturges");
  for (int run = 0; run < 200; ++run) {
    Values x(30 + stream.below(100)), y(1 + stream.below(100));
    for (double& v : x) v = stream.normal();
    for (double& v : y) v = 2 * stream.normal();
    const Bins bins = bin_by_sturges(rehearse::stats::sorted(x), rehearse::stats::sorted(y));
    REQUIRE(total(bins.reference) == double(x.size()));
    REQUIRE(total(bins.current) == double(y.size()));
    REQUIRE(std::isfinite(psi(bins)));
  }
}

TEST_CASE("infinite values have bins of their own under Sturges' rule") {
  Values reference(100), current(50, std::numeric_limits<double>::infinity());
  std::iota(reference.begin(), reference.end(), 0.0);
  current.front() = -current.back();
  const Bins bins = bin_by_sturges(reference, current);
  REQUIRE(bins.reference.front() == 0);
  REQUIRE(bins.current.front() == 1);
  REQUIRE(bins.current.back() == 49);
  REQUIRE(total(bins.reference) == 100);
  REQUIRE(psi(bins) > 1);
  for (double& value : reference) value *= 1e306;
  REQUIRE(std::isfinite(psi(bin_by_sturges(reference, Values{-1e308, 1e308}))));
}

TEST_CASE("few distinct values are a bin each under Sturges' rule") {
  const Bins bins = bin_by_sturges(Values{1, 1, 2}, Values{2, 3});
  REQUIRE(bins.reference == Values{2, 1, 0});
  REQUIRE(bins.current == Values{0, 1, 1});
}

TEST_CASE("categories of both samples are bins in the order of their names") {
  const Bins bins = bin_categories({{"b", 3}, {"a", 1}}, {{"c", 2}, {"b", 2}});
  REQUIRE(bins.reference == Values{1, 3, 0});
  REQUIRE(bins.current == Values{0, 2, 2});
}
