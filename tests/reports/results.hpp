// Results of a made-up run, for the tests of what is written about runs.
#pragma once

#include <cmath>

#include "measure/expectation.hpp"
#include "measure/metrics.hpp"
#include "reports/summary.hpp"
#include "tests/measure/history.hpp"

namespace rehearse::test {

/// Ten hours in which a source is away from the third to the fifth, with one failed expectation and
/// one entity and one edge that stay wrong.
inline reports::RunResult made_up_result() {
  reports::RunResult r;
  r.scenario = "registry-outage";
  r.seed = 7;
  r.version = "0.1.0";
  r.window = {at(3600), at(36000), at(39600)};
  for (const std::string& name : measure::metric_names({{"datasets"}, {}})) r.metrics[name] = 0;
  r.metrics["entity.freshness.mean"] = 0.9375;
  r.metrics["entity.age.max"] = 7205.5;
  r.metrics["edge.precision.mean"] = 1;
  r.metrics["edge.lag.count"] = 3;
  r.metrics["edge.lag.p99"] = 480;
  r.metrics["divergent.entities"] = 1;
  measure::Expectation fresh;
  fresh.metric = "entity.freshness.mean";
  fresh.at_least = 0.9;
  measure::Expectation age;
  age.metric = "entity.age.max";
  age.at_most = 300;
  r.expectations = measure::evaluate({fresh, age}, r.metrics);
  r.audit.entities.push_back({"aip://dataset/datasets/d \"1\"", "version 7", "version 6", at(34000),
                              "lost event: event 88121 for version 7 was dropped"});
  r.audit.edges.push_back(
      {{"aip://model/registry/m", "trainedOnDataset", "aip://dataset/datasets/d"},
       true,
       "missing: enrichment has not written it yet"});
  r.digest = 0xdecafbadULL;
  for (int i = 0; i < 200; ++i) {
    measure::Bucket b;
    b.begin = {at(39600).ns / 200 * i};
    b.end = {at(39600).ns / 200 * (i + 1)};
    const double hour = b.begin.to_seconds() / 3600;
    const bool away = hour >= 3 && hour < 5;
    const double after = hour >= 5 ? std::exp(-(hour - 5) * 4) : 0;
    b.freshness = away ? 1 - 0.1 * (hour - 3) : 0.995 - 0.2 * after + 0.002 * std::sin(hour * 9);
    b.age_mean = away ? 60 * (hour - 3) : 3 + 100 * after;
    b.age_max = away ? 3600 * (hour - 3) + 20 : 30 + 7000 * after;
    b.edge_precision = away ? 0.97 : 1;
    b.edge_recall = b.freshness - 0.01;
    b.stale_entities = 1000 * (1 - b.freshness);
    b.published = b.delivered = 3 + std::sin(hour * 7);
    b.hydration_requests = away ? 0 : b.published + 8 * after;
    b.queue_length = away ? 10000 * (hour - 3) : 20000 * after;
    r.series.push_back(b);
  }
  return r;
}

}  // namespace rehearse::test
