#include "rollout/experiment.hpp"

#include <boost/random/binomial_distribution.hpp>
#include <catch2/catch.hpp>

#include "stats/intervals.hpp"
#include "stats/random.hpp"

using namespace rehearse;
using namespace rehearse::rollout;

namespace {

Time at_hour(int hour) { return Time{Duration::hours(hour).ns}; }

std::vector<ExperimentMetric> clicks_and_errors() {
  return {{.name = "click", .kind = MetricKind::proportion, .narrowest_at = 100'000},
          {.name = "error",
           .kind = MetricKind::proportion,
           .role = MetricRole::guardrail,
           .higher_is_better = false,
           .margin = 0.002,
           .narrowest_at = 100'000}};
}

/// One look's requests of both arms.
void look_at(Experiment& experiment, std::uint64_t requests, std::uint64_t control,
             std::uint64_t treatment) {
  experiment.observe_counts("click", Arm::control, control, requests);
  experiment.observe_counts("click", Arm::treatment, treatment, requests);
}

}  // namespace

TEST_CASE("an experiment finds a winner, a loser and a broken guardrail, and stays with it") {
  const std::vector<ExperimentMetric> metrics = {{.name = "play", .kind = MetricKind::bounded},
                                                 {.name = "errors",
                                                  .kind = MetricKind::bounded,
                                                  .role = MetricRole::guardrail,
                                                  .higher_is_better = false,
                                                  .margin = 0.01}};
  const auto run = [&](double play, double errors) {
    stats::Stream stream(92, 0, "experiment");
    Experiment experiment(metrics, {.alpha = 0.05});
    for (int i = 0; i < 20'000; ++i) {
      experiment.observe("play", Arm::control, stream.chance(0.3) ? 1 : 0);
      experiment.observe("play", Arm::treatment, stream.chance(play) ? 1 : 0);
      experiment.observe("errors", Arm::control, stream.chance(0.01) ? 1 : 0);
      experiment.observe("errors", Arm::treatment, stream.chance(errors) ? 1 : 0);
      if (experiment.decide(Time{i}) != Decision::running) break;
    }
    const Decision decision = experiment.decision();
    for (int i = 0; i < 200; ++i) experiment.observe("play", Arm::treatment, 0);
    REQUIRE(experiment.decide(Time{30'000}) == decision);
    return decision;
  };
  REQUIRE(run(0.36, 0.01) == Decision::winner);
  REQUIRE(run(0.24, 0.01) == Decision::loser);
  REQUIRE(run(0.30, 0.20) == Decision::guardrail_violated);
}

TEST_CASE("an experiment without difference keeps running") {
  stats::Stream stream(93, 0, "null");
  Experiment experiment({{.name = "time", .kind = MetricKind::mean}}, {.alpha = 0.01});
  for (int i = 0; i < 5000; ++i) {
    experiment.observe("time", Arm::control, stream.exponential(1));
    experiment.observe("time", Arm::treatment, stream.exponential(1));
    REQUIRE(experiment.decide(Time{i}) == Decision::running);
  }
}

TEST_CASE("an experiment needs a primary metric, distinct names and an end after its beginning") {
  REQUIRE_THROWS(Experiment({}, {.alpha = 0.05}));
  REQUIRE_THROWS(Experiment({{.name = "a"}, {.name = "a"}}, {.alpha = 0.05}));
  REQUIRE_THROWS(Experiment({{.name = "a"}}, {.alpha = 1.5}));
  REQUIRE_THROWS(
      Experiment({{.name = "a"}}, {.least = Duration::days(3), .most = Duration::days(2)}));
}

TEST_CASE("only proportions are counted") {
  Experiment experiment({{.name = "play", .kind = MetricKind::bounded}}, {});
  REQUIRE_THROWS_AS(experiment.observe_counts("play", Arm::control, 1, 2), std::invalid_argument);
  REQUIRE_THROWS_AS(experiment.observe_counts("pley", Arm::control, 1, 2), std::out_of_range);
}

TEST_CASE("counts decide as the observations one by one do") {
  const std::uint64_t seed = 96;
  int decided = 0;
  for (int run = 0; run < 60; ++run) {
    CAPTURE(seed, run);
    stats::Stream stream(seed, static_cast<std::uint64_t>(run), "counts");
    Experiment counted(clicks_and_errors(), {}), observed(clicks_and_errors(), {});
    for (int hour = 1; hour <= 12; ++hour) {
      for (const Arm arm : {Arm::control, Arm::treatment}) {
        for (const std::string metric : {"click", "error"}) {
          const double share = metric == "click" ? 0.2 : 0.05;
          const double here = arm == Arm::control ? share : share * (1 + 0.02 * (run % 5 - 2));
          std::uint64_t successes = 0;
          for (int i = 0; i < 2000; ++i) {
            const bool success = stream.chance(here);
            successes += success ? 1 : 0;
            observed.observe(metric, arm, success ? 1 : 0);
          }
          counted.observe_counts(metric, arm, successes, 2000);
        }
      }
      REQUIRE(counted.decide(at_hour(hour)) == observed.decide(at_hour(hour)));
      const auto one = counted.readings(), other = observed.readings();
      for (std::size_t i = 0; i < one.size(); ++i) {
        REQUIRE(one[i].difference == Approx(other[i].difference).margin(1e-12));
        REQUIRE(*one[i].p_value == Approx(*other[i].p_value).epsilon(1e-7));
      }
    }
    decided += counted.decision() == Decision::running ? 0 : 1;
  }
  REQUIRE(decided > 3);
}

TEST_CASE("a winner waits until the least duration is over, a loser and a guardrail do not") {
  const ExperimentSettings settings{.least = Duration::days(3), .most = Duration::days(28)};
  const Time start = at_hour(100);
  Experiment winner(clicks_and_errors(), settings, start);
  look_at(winner, 100'000, 20'000, 22'000);
  for (int hour = 1; hour < 72; ++hour) {
    REQUIRE(winner.decide(at_hour(100 + hour)) == Decision::running);
  }
  REQUIRE(winner.readings()[0].better);
  REQUIRE(winner.decide(at_hour(172)) == Decision::winner);

  Experiment loser(clicks_and_errors(), settings, start);
  look_at(loser, 100'000, 20'000, 18'000);
  REQUIRE(loser.decide(at_hour(101)) == Decision::loser);

  Experiment broken(clicks_and_errors(), settings, start);
  look_at(broken, 100'000, 20'000, 22'000);
  broken.observe_counts("error", Arm::control, 100, 100'000);
  broken.observe_counts("error", Arm::treatment, 5000, 100'000);
  REQUIRE(broken.decide(at_hour(101)) == Decision::guardrail_violated);
}

TEST_CASE("a guardrail accepts a loss within its margin") {
  Experiment experiment(clicks_and_errors(), {});
  look_at(experiment, 1'000'000, 200'000, 200'000);
  experiment.observe_counts("error", Arm::control, 1000, 1'000'000);
  experiment.observe_counts("error", Arm::treatment, 2500, 1'000'000);  // surely more, by 0.0015
  REQUIRE(experiment.decide(at_hour(1)) == Decision::running);
  const Reading error = experiment.readings()[1];
  REQUIRE(error.worse);
  REQUIRE_FALSE(error.broken);
  REQUIRE(error.interval->high < 0.002);
}

TEST_CASE("a test that has run its time ends without a winner") {
  Experiment experiment(clicks_and_errors(), {.most = Duration::days(28)});
  look_at(experiment, 1000, 200, 201);
  REQUIRE(experiment.decide(at_hour(28 * 24 - 1)) == Decision::running);
  REQUIRE(experiment.decide(at_hour(28 * 24)) == Decision::no_winner);
  look_at(experiment, 1'000'000, 200'000, 300'000);
  REQUIRE(experiment.decide(at_hour(28 * 24 + 1)) == Decision::no_winner);
}

TEST_CASE("a p-value never rises again, and wins only while the difference is good") {
  Experiment experiment(clicks_and_errors(), {.least = Duration::days(1)});
  look_at(experiment, 20'000, 4000, 4400);
  experiment.decide(at_hour(1));
  const double least = experiment.readings()[0].p_value.value();
  REQUIRE(least < 0.05);
  look_at(experiment, 20'000, 4400, 3998);  // now behind, but not surely
  REQUIRE(experiment.decide(at_hour(24)) == Decision::running);
  REQUIRE(experiment.readings()[0].p_value.value() == least);
  REQUIRE_FALSE(experiment.readings()[0].better);
  look_at(experiment, 20'000, 4000, 4010);  // ahead again, by little
  REQUIRE(experiment.decide(at_hour(25)) == Decision::winner);
}

TEST_CASE("tests without effect name a winner as seldom as alpha says, looking every hour") {
  constexpr int kTests = 2000, kHours = 7 * 24;
  int won = 0, lost = 0;
  for (int run = 0; run < kTests; ++run) {
    stats::Stream stream(97, static_cast<std::uint64_t>(run), "null");
    boost::random::binomial_distribution<int> clicks(2000, 0.13);
    Experiment experiment({clicks_and_errors()[0]}, {.least = Duration::days(1)});
    for (int hour = 1; hour <= kHours; ++hour) {
      const int control = clicks(stream);
      const int treatment = clicks(stream);
      look_at(experiment, 2000, static_cast<std::uint64_t>(control),
              static_cast<std::uint64_t>(treatment));
      if (experiment.decide(at_hour(hour)) != Decision::running) break;
    }
    won += experiment.decision() == Decision::winner ? 1 : 0;
    lost += experiment.decision() == Decision::loser ? 1 : 0;
  }
  CAPTURE(won, lost);
  const auto most = stats::wilson_interval(static_cast<std::uint64_t>(won + lost), kTests, 0.99);
  REQUIRE(most.high <= 0.05);
  REQUIRE(won > 0);
  REQUIRE(lost > 0);
}
