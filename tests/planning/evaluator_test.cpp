#include "planning/plan/evaluator.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "experiments/run.hpp"
#include "fixtures.hpp"

using namespace rehearse::planning;
using rehearse::InputError;

namespace {

const std::string kRate = "/mds/hydration/budgets/datasets/rate";

Evaluator evaluator(EvaluatorOptions options = {}) {
  return Evaluator(rehearse::test::source_path("scenarios/theory/budget-wait.json"),
                   {{"/duration", "2000s"}, {"/warmup", "100s"}}, std::move(options));
}

std::vector<PlannedRun> some_questions() {
  std::vector<PlannedRun> questions;
  for (const char* rate : {"2/s", "1/s"}) {
    for (std::uint64_t i = 0; i < 3; ++i) questions.push_back({{{kRate, rate}}, i});
  }
  return questions;
}

}  // namespace

TEST_CASE("answers do not depend on jobs, on order or on what was asked before") {
  Evaluator one = evaluator();
  Evaluator two = evaluator({.jobs = 3, .progress = {}});
  std::vector<PlannedRun> questions = some_questions();
  REQUIRE(one.evaluate(questions));
  std::reverse(questions.begin(), questions.end());
  REQUIRE(two.evaluate({questions[2]}));
  REQUIRE(two.evaluate(questions));
  for (const PlannedRun& question : questions) {
    CHECK(one.find(question)->metrics == two.find(question)->metrics);
    CHECK_FALSE(one.find(question)->metrics.empty());
  }
  CHECK(two.runs() == 6);
}

TEST_CASE("a question asked twice is run once, and each evaluation is delivered once") {
  Evaluator evaluator = ::evaluator({.jobs = 2, .progress = {}});
  std::vector<PlannedRun> twice = some_questions();
  for (const PlannedRun& question : some_questions()) twice.push_back(question);
  std::vector<PlannedRun> delivered;
  REQUIRE(evaluator.evaluate(twice, [&](const PlannedRun& question, const Evaluation&) {
    delivered.push_back(question);
  }));
  std::vector<PlannedRun> asked = some_questions();
  std::sort(asked.begin(), asked.end());
  std::sort(delivered.begin(), delivered.end());
  CHECK(delivered == asked);
  CHECK(evaluator.runs() == 6);
  REQUIRE(evaluator.evaluate(twice));
  REQUIRE(evaluator.evaluate(twice));
  CHECK(evaluator.runs() == 12);
}

TEST_CASE("one replication meets the same arrivals under every budget") {
  Evaluator evaluator = ::evaluator();
  REQUIRE(evaluator.evaluate(some_questions()));
  const auto published = [&](const char* rate) {
    return evaluator.values({{kRate, rate}}, "bus.published", 3);
  };
  CHECK(published("1/s") == published("2/s"));
  CHECK(published("1/s")[0] != published("1/s")[1]);
  const std::vector<double> slow = evaluator.values({{kRate, "1/s"}}, "hydration.wait.mean", 3);
  const std::vector<double> fast = evaluator.values({{kRate, "2/s"}}, "hydration.wait.mean", 3);
  for (std::size_t i = 0; i < 3; ++i) CHECK(fast[i] < slow[i]);
}

TEST_CASE("an evaluation is the run's metrics") {
  Evaluator evaluator = ::evaluator();
  const Assignment assignment{{kRate, "2/s"}};
  REQUIRE(evaluator.evaluate(assignment, 1, 1));
  const Evaluation* evaluation = evaluator.find({assignment, 1});
  rehearse::experiments::RunOptions options;
  options.replication = 1;
  const auto run = rehearse::experiments::run(evaluator.scenario(assignment), options);
  CHECK(run.result.metrics.size() == evaluator.metric_names().size());
  for (const auto& [name, value] : run.result.metrics) {
    CHECK(evaluation->metrics.at(*evaluator.column(name)) == value);
  }
  CHECK_FALSE(evaluator.column("entity.age.p98"));
}

TEST_CASE("a wrong assignment is refused before its run") {
  Evaluator evaluator = ::evaluator();
  CHECK_THROWS_AS(evaluator.scenario({{kRate, "1s"}}), InputError);
  CHECK_THROWS_AS(evaluator.evaluate({{kRate, "1s"}}, 0, 2), InputError);
}
