// How a lifecycle went, in words.
#include "reports/lifecycle_text.hpp"

#include <catch2/catch.hpp>
#include <sstream>

#include "lifecycle_results.hpp"
#include "reports/replicated.hpp"
#include "reports/text_summary.hpp"

namespace rehearse::test {
namespace {

measure::Metrics metrics_with(const measure::Metrics& some) {
  measure::Metrics metrics;
  for (const std::string& name :
       measure::metric_names({{}, {"rec"}, {"rollback", "canary"}, {"lifecycle"}})) {
    metrics[name] = 0;
  }
  for (const auto& [name, value] : some) metrics.at(name) = value;
  return metrics;
}

}  // namespace

TEST_CASE("a lifecycle is told in sentences, each of which says what did not happen, too") {
  CHECK(reports::lifecycle_sentences(metrics_with({})) ==
        "Of the clicks that the best ranking would have had, 0.00% were lost. There was no drift "
        "to notice. There was no retraining and no promotion. No version that served was rolled "
        "back. No decision asked the graph.");
  CHECK(reports::lifecycle_sentences(metrics_with({{"engagement.lost", 0.01873},
                                                   {"drift.detections", 1},
                                                   {"drift.detection_delay.max", 259200},
                                                   {"retraining.runs", 1},
                                                   {"release.promoted", 1},
                                                   {"answers.asked", 7},
                                                   {"answers.canary.asked", 1}})) ==
        "Of the clicks that the best ranking would have had, 1.87% were lost. Monitors noticed 1 "
        "of 1 drift, the latest after 3 d. There was 1 retraining and 1 promotion. No version "
        "that served was rolled back. Decisions asked the graph 1 time: no answer was wrong.");
  CHECK(reports::lifecycle_sentences(metrics_with({{"engagement.lost", 0.2},
                                                   {"drift.detections", 2},
                                                   {"drift.missed", 1},
                                                   {"drift.detection_delay.max", 259200},
                                                   {"drift.false_alarms", 4},
                                                   {"retraining.runs", 9},
                                                   {"retraining.rejected", 2},
                                                   {"retraining.wasted", 3},
                                                   {"canary.failed", 1},
                                                   {"release.promoted", 6},
                                                   {"rollback.count", 3},
                                                   {"rollback.canary-failure.count", 1},
                                                   {"rollback.late", 1},
                                                   {"answers.canary.asked", 6},
                                                   {"answers.canary.wrong", 1},
                                                   {"answers.rollback.asked", 3},
                                                   {"answers.rollback.wrong", 1}})) ==
        "Of the clicks that the best ranking would have had, 20.00% were lost. Monitors noticed 2 "
        "of 3 drifts, and gave 4 false alarms. There were 9 retrainings and 6 promotions, 3 for "
        "under 1%; gates stopped 2 candidates, canaries 1. 2 versions that served were rolled "
        "back; 1 rollback took too long. Decisions asked the graph 9 times: 2 answers were "
        "wrong.");
  CHECK(reports::lifecycle_sentences({{"entity.freshness.mean", 1}}).empty());
}

TEST_CASE("the text of a run tells of its lifecycle before the figures, at 80 columns") {
  reports::RunResult result = made_up_lifecycle(1);
  measure::Expectation recovery;
  recovery.metric = "rollback.recovery.max";
  recovery.at_most = 300;
  result.expectations = measure::evaluate({recovery}, result.metrics);
  const std::string text = reports::text_summary(result, {});
  const std::size_t expectation = text.find("pass  rollback.recovery.max at most 300 s");
  const std::size_t lifecycle = text.find("\nLifecycle\n  Of the clicks that the best ranking");
  REQUIRE(expectation != std::string::npos);
  REQUIRE(lifecycle != std::string::npos);
  CHECK(expectation < lifecycle);
  CHECK(lifecycle < text.find("\nGraph against truth\n"));
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) CHECK(line.size() <= 80);
  CHECK(text_summary(made_up_result(), {}).find("Lifecycle") == std::string::npos);
}

TEST_CASE("the table of replications leaves those of single models to summary.json") {
  reports::ReplicatedResult result;
  for (const double lost : {0.01, 0.02}) {
    result.runs.add(metrics_with({{"engagement.lost", lost}, {"model.rec.engagement.lost", lost}}));
  }
  result.metrics = reports::spread_of(result.runs);
  const std::string text = replicated_text(result, false);
  CHECK_THAT(text, Catch::Contains("\nengagement.lost  "));
  CHECK_THAT(text, !Catch::Contains("model.rec."));
  CHECK_THAT(text, Catch::Contains("\nsummary.json has those of each model.\n"));
}

}  // namespace rehearse::test
