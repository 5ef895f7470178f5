// How often the judge fails a good canary and passes a bad one, measured. Prints a table of
// docs/validation.md.
#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <iostream>

#include "rollout/canary_judge.hpp"
#include "stats/random.hpp"

using namespace rehearse;
using namespace rehearse::rollout;

namespace {

struct Metric {
  std::string name;
  std::function<double(stats::Stream&, double)> draw;  ///< with a factor on its mean
};

std::vector<Metric> metrics() {
  return {{"normal, deviation 10%",
           [](stats::Stream& s, double f) { return f * (1 + 0.1 * s.normal()); }},
          {"lognormal, sigma 0.3",
           [](stats::Stream& s, double f) { return f * std::exp(0.3 * s.normal()); }},
          {"counts, mean 20", [](stats::Stream& s, double f) {
             double time = s.exponential(1), count = 0;
             for (; time < 20 * f; time += s.exponential(1)) count += 1;
             return count;
           }}};
}

double fail_rate(const Metric& metric, int points, double shift, int trials) {
  MetricConfig config;
  config.direction = Direction::increase;
  int failed = 0;
  for (int trial = 0; trial < trials; ++trial) {
    stats::Stream stream(205, static_cast<std::uint64_t>(trial), metric.name);
    Series series;
    for (int i = 0; i < points; ++i) series.baseline.push_back(metric.draw(stream, 1));
    for (int i = 0; i < points; ++i) series.canary.push_back(metric.draw(stream, 1 + shift));
    failed += classify(config, JudgeSettings{}, series).label == Label::high ? 1 : 0;
  }
  return failed / double(trials);
}

}  // namespace

TEST_CASE("the judge fails few good canaries and most bad ones", "[long][error-control]") {
  std::cout << "\n| metric | points | +0% | +2% | +5% | +10% |\n|---|---|---|---|---|---|\n";
  for (const Metric& metric : metrics()) {
    for (const int points : {30, 60, 120}) {
      std::vector<double> rates;
      for (const double shift : {0.0, 0.02, 0.05, 0.1}) {
        rates.push_back(fail_rate(metric, points, shift, 4000));
      }
      std::cout << fmt::format("| {} | {} | {:.3f} | {:.3f} | {:.3f} | {:.3f} |\n", metric.name,
                               points, rates[0], rates[1], rates[2], rates[3]);
      REQUIRE(rates[0] < 0.02);  // one side of a 98% interval, and the tolerance
      REQUIRE(std::is_sorted(rates.begin(), rates.end()));
    }
  }
}
