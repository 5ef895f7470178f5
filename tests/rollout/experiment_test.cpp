#include "rollout/experiment.hpp"

#include <catch2/catch.hpp>

#include "stats/random.hpp"

using namespace rehearse;
using namespace rehearse::rollout;

TEST_CASE("an experiment finds a winner, a loser and a broken guardrail, and stays with it") {
  const std::vector<ExperimentMetric> metrics = {{.name = "play", .kind = MetricKind::bounded},
                                                 {.name = "errors",
                                                  .kind = MetricKind::bounded,
                                                  .role = MetricRole::guardrail,
                                                  .higher_is_better = false,
                                                  .margin = 0.01}};
  const auto run = [&](double play, double errors) {
    stats::Stream stream(92, 0, "experiment");
    Experiment experiment(metrics, 0.05);
    for (int i = 0; i < 20'000; ++i) {
      experiment.observe("play", Arm::control, stream.chance(0.3) ? 1 : 0);
      experiment.observe("play", Arm::treatment, stream.chance(play) ? 1 : 0);
      experiment.observe("errors", Arm::control, stream.chance(0.01) ? 1 : 0);
      experiment.observe("errors", Arm::treatment, stream.chance(errors) ? 1 : 0);
      if (experiment.decide() != Decision::running) break;
    }
    const Decision decision = experiment.decide();
    for (int i = 0; i < 200; ++i) experiment.observe("play", Arm::treatment, 0);
    REQUIRE(experiment.decide() == decision);
    return decision;
  };
  REQUIRE(run(0.36, 0.01) == Decision::winner);
  REQUIRE(run(0.24, 0.01) == Decision::loser);
  REQUIRE(run(0.30, 0.20) == Decision::guardrail_violated);
}

TEST_CASE("an experiment without difference keeps running") {
  stats::Stream stream(93, 0, "null");
  Experiment experiment({{.name = "time", .kind = MetricKind::mean}}, 0.01);
  for (int i = 0; i < 5000; ++i) {
    experiment.observe("time", Arm::control, stream.exponential(1));
    experiment.observe("time", Arm::treatment, stream.exponential(1));
    REQUIRE(experiment.decide() == Decision::running);
  }
}

TEST_CASE("an experiment needs a primary metric and distinct names") {
  REQUIRE_THROWS(Experiment({}, 0.05));
  REQUIRE_THROWS(Experiment({{.name = "a"}, {.name = "a"}}, 0.05));
  REQUIRE_THROWS(Experiment({{.name = "a"}}, 1.5));
}
