// How long the judge takes. Prints figures and asserts nothing about time.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <iostream>

#include "rollout/canary_judge.hpp"
#include "stats/random.hpp"

using namespace rehearse;
using namespace rehearse::rollout;

TEST_CASE("a hundred metrics of a day of minutes are judged", "[long][speed]") {
  CanaryConfig config;
  std::map<std::string, Series> series;
  stats::Stream stream(502, 0, "speed");
  for (int i = 0; i < 100; ++i) {
    MetricConfig metric;
    metric.name = fmt::format("metric {}", i);
    metric.groups = {"all"};
    config.metrics.push_back(metric);
    Series& one = series[metric.name];
    for (int k = 0; k < 1440; ++k) one.baseline.push_back(100 + 10 * stream.normal());
    for (int k = 0; k < 1440; ++k) one.canary.push_back(100 + 10 * stream.normal());
  }
  for (const bool kayenta : {false, true}) {
    config.judge.kayenta_roots = kayenta;
    const auto begin = std::chrono::steady_clock::now();
    const Judgement judgement = judge(config, series);
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
    std::cout << fmt::format("100 metrics of 1440 points, {} roots: {:.3f} s\n",
                             kayenta ? "Kayenta's" : "exact", taken.count());
    REQUIRE(judgement.metrics.size() == 100);
  }
}
