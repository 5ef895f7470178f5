#include "drift/multivariate.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <numbers>

#include "stats/distributions.hpp"

using namespace rehearse::drift;
using rehearse::stats::Stream;

namespace {

/// Two columns with the given correlation.
Table correlated(Eigen::Index rows, double correlation, Stream& stream) {
  Table table(rows, 2);
  for (Eigen::Index i = 0; i < rows; ++i) {
    const double a = stream.normal();
    const double b = stream.normal();
    table(i, 0) = a;
    table(i, 1) = correlation * a + std::sqrt(1 - correlation * correlation) * b;
  }
  return table;
}

}  // namespace

TEST_CASE("MMD on two points a side follows its definition") {
  Table x(2, 1), y(2, 1);
  x << 0, 1;
  y << 3, 4;
  Stream stream(81, 0, "mmd");
  const Mmd result = mmd_test(x, y, {.permutations = 10}, stream);
  // Distances 1, 3, 4, 2, 3, 1: the upper median is 3.
  REQUIRE(result.bandwidth == Approx(3));
  const auto k = [](double d) { return std::exp(-d * d / 18); };
  REQUIRE(result.squared == Approx(2 * k(1) - (k(3) + k(4) + k(2) + k(3)) / 2).epsilon(1e-12));
}

/// What the mean reconstruction error of so many rows of two standard normal columns is, whose
/// principal component is that of a positive correlation: rows lie N(0, 1 - correlation) off it.
Approx off_axis(double correlation, double rows) {
  const double deviation = std::sqrt(1 - correlation);
  const double mean = deviation * std::sqrt(2 / std::numbers::pi);
  return Approx(mean).margin(4 * deviation * std::sqrt((1 - 2 / std::numbers::pi) / rows));
}

TEST_CASE("a change of correlation alone shows in MMD and in PCA reconstruction") {
  Stream stream(82, 0, "correlation");
  const Table reference = correlated(300, 0.95, stream);
  const Table same = correlated(150, 0.95, stream);
  const Table broken = correlated(150, -0.5, stream);
  Stream draws(82, 0, "permutations");
  REQUIRE(mmd_test(reference, broken, {.permutations = 200}, draws).p_value < 0.01);
  REQUIRE(mmd_test(reference, same, {.permutations = 200}, draws).p_value > 0.05);
  const PcaReconstruction pca(reference, 0.65);
  REQUIRE(pca.components() == 1);
  REQUIRE(pca.error(same) == off_axis(0.95, 150));
  REQUIRE(pca.error(broken) == off_axis(-0.5, 150));
}

TEST_CASE("a severity counts the deviations of the reference's own chunks") {
  Stream stream(86, 0, "severity");
  const Table reference = correlated(500, 0.8, stream);
  const Table broken = correlated(100, -0.5, stream);
  const PcaReconstruction pca(reference, 0.65);
  double sum = 0, squares = 0;
  for (int chunk = 0; chunk < 5; ++chunk) {
    const double error = pca.error(reference.middleRows(100 * chunk, 100));
    sum += error;
    squares += error * error;
  }
  const double deviation = std::sqrt((squares - sum * sum / 5) / 4);
  REQUIRE(pca.severity(reference, broken) == Approx((pca.error(broken) - sum / 5) / deviation));
  REQUIRE(pca.severity(reference, broken) > 10);
  // Fewer than two chunks of as many rows show no spread.
  REQUIRE(pca.severity(reference, correlated(300, -0.5, stream)) == 0);
}

TEST_CASE("severities under no drift are those of Student's distribution") {
  // The errors of 20 chunks and of one more are means of 100 rows, so nearly normal: the severity
  // over sqrt(1 + 1/20) has 19 degrees of freedom.
  Stream stream(87, 0, "no drift");
  const int runs = 2000, chunks = 20;
  int far = 0, above = 0;
  for (int run = 0; run < runs; ++run) {
    const Table reference = correlated(100 * chunks, 0.8, stream);
    const Table same = correlated(100, 0.8, stream);
    const double t =
        PcaReconstruction(reference, 0.65).severity(reference, same) / std::sqrt(1 + 1.0 / chunks);
    far += std::abs(t) > rehearse::stats::student_quantile(0.95, chunks - 1) ? 1 : 0;
    above += t > 0 ? 1 : 0;
  }
  REQUIRE(far / double(runs) == Approx(0.1).margin(4 * std::sqrt(0.1 * 0.9 / runs)));
  REQUIRE(above / double(runs) == Approx(0.5).margin(4 * std::sqrt(0.25 / runs)));
}

TEST_CASE("all variance kept reconstructs everything") {
  Stream stream(83, 0, "full");
  const Table reference = correlated(50, 0.3, stream);
  const PcaReconstruction pca(reference, 1.0);
  REQUIRE(pca.components() == 2);
  REQUIRE(pca.error(reference) == Approx(0).margin(1e-12));
}

TEST_CASE("constant data are no drift") {
  Stream stream(84, 0, "constant");
  const Table same = Table::Constant(10, 3, 2.0);
  REQUIRE(mmd_test(same, same, {}, stream).p_value == 1);
  REQUIRE(PcaReconstruction(same, 0.65).error(same) == 0);
}

TEST_CASE("the permutation test is level under no drift") {
  Stream stream(85, 0, "level");
  int rejected = 0;
  const int runs = 300;
  for (int run = 0; run < runs; ++run) {
    const Table x = correlated(20, 0, stream), y = correlated(20, 0, stream);
    rejected += mmd_test(x, y, {.permutations = 99}, stream).p_value <= 0.1 ? 1 : 0;
  }
  REQUIRE(rejected / double(runs) == Approx(0.1).margin(0.06));  // 3.5 standard errors
}
