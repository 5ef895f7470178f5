#include "stats/paired.hpp"

#include <catch2/catch.hpp>
#include <vector>

using namespace rehearse::stats;

TEST_CASE("the paired t-test gives Student's own figures") {
  // Student (1908), section 9: hours of sleep gained by ten patients with two drugs. t = 4.0621
  // with 9 degrees of freedom, p = 0.002833; the interval as R's t.test(paired = TRUE) prints it.
  const std::vector<double> first = {0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0};
  const std::vector<double> second = {1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};
  const PairedDifference found = paired_difference(first, second, 0.95);
  CHECK(found.mean_a == Approx(0.75));
  CHECK(found.mean_b == Approx(2.33));
  CHECK(found.mean == Approx(1.58));
  CHECK(found.p_value == Approx(0.00283289).epsilon(1e-5));
  CHECK(found.interval.low == Approx(0.7001142).epsilon(1e-6));
  CHECK(found.interval.high == Approx(2.4598858).epsilon(1e-6));
  CHECK(found.correlation == Approx(0.7951702).epsilon(1e-6));
}

TEST_CASE("pairs that all differ alike leave no doubt") {
  const std::vector<double> a = {1, 2, 4};
  const std::vector<double> b = {2, 3, 5};
  CHECK(paired_difference(a, b, 0.95).p_value == 0);
  CHECK(paired_difference(a, b, 0.95).interval.low == 1);
  CHECK(paired_difference(a, a, 0.95).p_value == 1);
  CHECK(correlation(a, b) == Approx(1));
  const std::vector<double> falling = {3, 2, 0};
  const std::vector<double> constant = {7, 7, 7};
  CHECK(correlation(a, falling) == Approx(-1));
  CHECK(correlation(a, constant) == 0);
}
