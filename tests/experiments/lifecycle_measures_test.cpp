// What is measured of a lifecycle in a run, and written about it.
#include <algorithm>
#include <catch2/catch.hpp>

#include "experiments/run.hpp"
#include "experiments/scenario/scenario.hpp"
#include "fixtures.hpp"
#include "lifecycle_rig.hpp"
#include "measure/metrics.hpp"
#include "reports/explain.hpp"

using namespace rehearse;

namespace {

/// The model rec, whose relation turns on day 10, so that it is trained again on day 13; a model
/// that nobody watches beside it.
experiments::Scenario turning(const std::string& expect = "[]") {
  return experiments::parse_scenario(config::parse(
      test::lifecycle_scenario(R"("duration": "20d", "warmup": "5d", "lifecycle": {"models": [
      {"name": "rec", "relation": {"weights": [0.6, -0.9, 0.4, 0.5, -0.3, 0.45, -0.55, 0.35]},
       "monitors": ["mdl-rec-concept"],
       "drifts": [{"at": "10d", "kind": "sudden", "of": "concept", "rotate": 45}]},
      {"name": "quiet", "traffic": {"rate": "5/s"}}]}, "expect": )" +
                               expect),
      "s.json"));
}

}  // namespace

TEST_CASE("a run with a lifecycle has exactly the metrics that its scenario may expect") {
  const experiments::Scenario scenario = turning();
  const reports::RunResult result = experiments::run(scenario).result;
  std::vector<std::string> names;
  for (const auto& metric : result.metrics) names.push_back(metric.first);
  CHECK(names == measure::metric_names(scenario.subjects()));
  CHECK(result.metrics.at("drift.detection_delay.max") == 3 * 86400);
  CHECK(result.metrics.at("release.promoted") == 1);
  CHECK(result.metrics.at("model.quiet.release.promoted") == 0);
  CHECK(result.metrics.at("model.quiet.serving.requests") == Approx(5 * 20 * 86400).epsilon(0.01));
  CHECK(result.metrics.at("release.registry.none") == 0);
  CHECK(result.metrics.at("release.registry.double") == 0);
  CHECK(result.metrics.at("retraining.wasted") == 0);
}

TEST_CASE("the lineage of a run is kept for those alone who show it") {
  const experiments::Scenario scenario = turning();
  experiments::RunOptions options;
  options.detail = measure::Detail::counts;
  CHECK(experiments::run(scenario, options).result.lineage.empty());
}

TEST_CASE("the curves of a lifecycle go through what its metrics say") {
  const reports::RunResult result = experiments::run(turning()).result;
  CHECK(result.lineage.front().what == lifecycle::What::start);
  const auto column = [&](const std::string& name) {
    const auto found = std::find_if(result.more_series.begin(), result.more_series.end(),
                                    [&](const auto& one) { return one.name == name; });
    REQUIRE(found != result.more_series.end());
    CHECK(found->values.size() == result.series.size());
    return found->values;
  };
  // 200 parts of 20 days; the drift comes with the hundredth, and is mended on day 13.
  const std::vector<double> earned = column("model.rec.engagement");
  const std::vector<double> bound = column("model.rec.engagement_bound");
  for (const std::size_t part : {20u, 90u, 150u, 199u}) CHECK(earned[part] > 0.97 * bound[part]);
  for (const std::size_t part : {100u, 125u}) CHECK(earned[part] < 0.85 * bound[part]);
  const std::vector<double> off = column("off_production");
  CHECK(std::count_if(off.begin(), off.end(), [](double share) { return share > 0; }) <= 4);
  CHECK(column("wrong_answers").size() == 200);
}

TEST_CASE("expectations may name a lifecycle's metrics with the section alone") {
  const experiments::Scenario scenario = turning(R"([{"metric": "engagement.lost", "at_most": 0.2},
                  {"metric": "model.rec.rollback.recovery.max", "at_most": "5m"}])");
  CHECK(scenario.expectations.size() == 2);
  CHECK_THROWS_WITH(turning(R"([{"metric": "model.search.drift.missed", "equals": 0}])"),
                    Catch::Contains("there is no metric \"model.search.drift.missed\""));
  CHECK_THROWS_WITH(experiments::parse_scenario(config::parse(
                        R"({"name": "s", "duration": "1h", "sources": {"datasets": {}},
              "expect": [{"metric": "engagement.lost", "at_most": 0.2}]})",
                        "s.json")),
                    Catch::Contains("\"engagement.lost\" without a section \"lifecycle\""));
}

TEST_CASE("the trace of a run explains what became of a version") {
  const test::TemporaryFolder folder;
  experiments::RunOptions options;
  options.trace = folder.path() / "trace.jsonl";
  experiments::run(turning(), options);
  const reports::Explanation told =
      reports::explain(*options.trace, {"aip://model/registry/rec-v2", std::nullopt}, {});
  CHECK_THAT(told.version_sentence,
             Catch::StartsWith("Version 2 of rec was trained after an alert at 13d 00:00:00 "
                               "(mdl-rec-concept: retrain); its gates passed it at 13d 0"));
  CHECK_THAT(told.version_sentence, Catch::Contains("; it has served since 13d 0"));
  CHECK(told.type == "ModelInstance");
  CHECK(told.state == "fresh");
}
