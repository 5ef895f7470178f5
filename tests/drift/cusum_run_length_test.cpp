// How long CUSUM runs before it signals, against the integral equation that gives it.
//
// A one-sided chart S = max(0, S + x - k), of normal values with mean m, that signals above h: its
// mean run length from s is L(s) = 1 + L(0) F(k - s - m) + the integral over y from 0 to h of
// L(y) f(y + k - s - m) (Page 1954). Of a two-sided chart, 1/L = 1/L(up) + 1/L(down) (Kemp 1971).
#include <Eigen/Dense>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "drift/detectors.hpp"
#include "stats/distributions.hpp"
#include "stats/random.hpp"

using namespace rehearse;
using namespace rehearse::drift;

namespace {

constexpr double kSlack = 0.5, kThreshold = 5;  // Montgomery's usual chart, and the defaults
constexpr double kLongest = 100'000;            // a detector that never signals ends there

/// By Simpson's rule on 0..h.
double one_sided_run_length(double mean) {
  const int intervals = 400;
  const double step = kThreshold / intervals;
  const int n = intervals + 1;
  Eigen::MatrixXd equations = Eigen::MatrixXd::Identity(n, n);
  for (int i = 0; i < n; ++i) {
    const double shift = kSlack - step * i - mean;
    for (int j = 0; j < n; ++j) {
      const double weight = j == 0 || j == intervals ? 1 : j % 2 == 1 ? 4 : 2;
      equations(i, j) -= weight * step / 3 * stats::normal_density(step * j + shift);
    }
    equations(i, 0) -= stats::normal_cdf(shift);
  }
  return equations.partialPivLu().solve(Eigen::VectorXd::Ones(n))(0);
}

double run_length(double mean) {
  return 1 / (1 / one_sided_run_length(mean) + 1 / one_sided_run_length(-mean));
}

struct Runs {
  double mean = 0;
  double error = 0;  ///< standard
};

/// Run lengths after five values whose mean is 0 and whose deviation is 1; the last of them, which
/// is scored, does not move the sums.
Runs measure(const char* mode, double mean, int count) {
  stats::Stream stream(305, 0, "cusum");
  double sum = 0, squares = 0;
  for (int run = 0; run < count; ++run) {
    const auto detector = make_detector("cusum", {{"min_instances", "5"}, {"mode", mode}});
    for (const double value : {1, -1, 1, -1, 0}) REQUIRE_FALSE(detector->update(value));
    double length = 1;
    while (length < kLongest && !detector->update(mean + stream.normal())) ++length;
    sum += length;
    squares += length * length;
  }
  const double average = sum / count;
  return {average, std::sqrt((squares / count - average * average) / count)};
}

}  // namespace

TEST_CASE("CUSUM's run lengths are those of the integral equation") {
  // The equation itself, against the table of Montgomery (2013), section 9.1.
  REQUIRE(run_length(0) == Approx(465).epsilon(0.002));
  REQUIRE(one_sided_run_length(1) == Approx(10.4).epsilon(0.005));
  struct Case {
    const char* mode;
    double mean, expected;
  };
  const std::vector<Case> cases = {
      {"both", 0, run_length(0)},           {"both", 0.5, run_length(0.5)},
      {"both", 1, run_length(1)},           {"both", -1, run_length(-1)},
      {"up", 0, one_sided_run_length(0)},   {"down", 0, one_sided_run_length(0)},
      {"down", -2, one_sided_run_length(2)}};
  for (const Case& c : cases) {
    CAPTURE(c.mode, c.mean);
    const Runs runs = measure(c.mode, c.mean, 10'000);
    CHECK(runs.error < 0.011 * runs.mean);
    CHECK(runs.mean == Approx(c.expected).margin(4 * runs.error));
  }
}
