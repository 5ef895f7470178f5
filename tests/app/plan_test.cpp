// `rehearse plan` as a user meets it.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "command_line.hpp"
#include "fixtures.hpp"

namespace fs = std::filesystem;
using nlohmann::json;
using rehearse::test::Finished;
using rehearse::test::read_file;
using rehearse::test::run_rehearse;
using rehearse::test::TemporaryFolder;
using rehearse::test::write_file;

namespace {

const std::string kScenario = "scenarios/planning/mean-wait.json";
const std::string kRate = "/mds/hydration/budgets/datasets/rate";

// A fortieth of the shipped scenario, for what does not depend on its figures.
const std::vector<std::string> kShort{"--set", "/warmup=0s",
                                      "--set", "/duration=1000s",
                                      "--set", "/sources/datasets/entities/0/count=100"};

struct Query {
  std::string minimise = kRate;
  std::vector<std::string> promises{"hydration.wait.mean <= 500ms"};
  std::vector<std::string> ranges{kRate + "=0.6/s..4/s"};
};

Finished plan(const Query& question, const std::vector<std::string>& more = {}) {
  std::vector<std::string> arguments{"plan", kScenario, "--minimise", question.minimise};
  for (const std::string& promise : question.promises) {
    arguments.insert(arguments.end(), {"--subject-to", promise});
  }
  for (const std::string& range : question.ranges) {
    arguments.insert(arguments.end(), {"--over", range});
  }
  arguments.insert(arguments.end(), kShort.begin(), kShort.end());
  arguments.insert(arguments.end(), more.begin(), more.end());
  return run_rehearse(arguments);
}

void check_refused(const Finished& finished, const std::string& words) {
  INFO(finished.err);
  CHECK(finished.status == 2);
  CHECK(finished.out.empty());
  CHECK(std::count(finished.err.begin(), finished.err.end(), '\n') == 1);
  CHECK_THAT(finished.err, Catch::Contains(words));
}

}  // namespace

TEST_CASE("a plan is the same bytes whatever the jobs, as text, file and picture") {
  const TemporaryFolder folder;
  const fs::path one = folder.path() / "one";
  const fs::path two = folder.path() / "two";
  const Finished first = plan({}, {"--jobs", "1", "--explain", "--out", one.string()});
  const Finished second = plan({}, {"--jobs", "3", "--explain", "--out", two.string()});
  INFO(first.err);
  REQUIRE(first.status == 0);
  CHECK(first.err.empty());
  CHECK(first.out.substr(0, first.out.find("Wrote to")) ==
        second.out.substr(0, second.out.find("Wrote to")));
  CHECK(read_file(one / "plan.json") == read_file(two / "plan.json"));
  CHECK(read_file(one / "plan.svg") == read_file(two / "plan.svg"));
  CHECK_THAT(read_file(one / "plan.svg"), Catch::Contains("</svg>"));

  const json written = json::parse(read_file(one / "plan.json"));
  const std::string rate = written.at("recommendation").at(kRate);
  CHECK_THAT(first.out, Catch::Contains(rate));
  CHECK(std::stod(rate) > 0.9);
  CHECK(std::stod(rate) < 1.4);
  CHECK(written.at("promises")[0].at("mean").get<double>() <= 0.5);
  CHECK(written.at("bottleneck") == "datasets");
  CHECK(written.at("lower_bounds").at(kRate).at("at_least").get<double>() ==
        Approx(0.5).epsilon(0.15));
  CHECK(written.at("around").size() == 2);
  CHECK_FALSE(written.at("around")[0].at("holds").get<bool>());  // 20% less
  CHECK(written.at("around")[1].at("holds").get<bool>());
  CHECK(written.at("runs").at("total").get<double>() <
        written.at("runs").at("grid").get<double>() / 5);
  std::istringstream lines(first.out);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("Wrote to")) continue;
    INFO(line);
    CHECK(line.size() <= 80);
  }
}

TEST_CASE("what the ranges do not hold is said, with what comes nearest and what limits it") {
  const Finished short_range =
      plan({kRate, {"hydration.wait.mean <= 1ms"}, {kRate + "=0.6/s..2/s"}}, {"--jobs", "2"});
  INFO(short_range.err);
  CHECK(short_range.status == 1);
  CHECK_THAT(short_range.out, Catch::Contains("nothing in the ranges is shown to keep"));
  CHECK_THAT(short_range.out, Catch::Contains("What limits is the range"));

  const Finished other =
      plan({kRate, {"path.facts.lag.p50 <= 1s"}, {kRate + "=20/s..40/s"}},
           {"--set", R"(/sources/datasets/api={"service_time":{"constant":"2s"}})", "--set",
            "/mds/hydration/timeout=10s", "--format", "json"});
  INFO(other.err);
  CHECK(other.status == 1);
  const json written = json::parse(other.out);
  CHECK_FALSE(written.at("feasible").get<bool>());
  CHECK(written.at("recommendation").is_null());
  CHECK(written.at("best").at(kRate) == "40/s");
  CHECK_THAT(written.at("limit").get<std::string>(), Catch::Contains("none of the searched"));
}

TEST_CASE("a question without sense is refused with one line and status 2") {
  check_refused(plan({"/mds/hydration/budgets/datasets/rat",
                      {"hydration.wait.mean <= 1s"},
                      {"/mds/hydration/budgets/datasets/rat=1/s..2/s"}}),
                "did you mean \"rate\"?");
  check_refused(plan({kRate, {"hydration.wait.mean <= 1s"}, {kRate + "=2/s..1/s"}}), "empty");
  check_refused(plan({kRate, {"hydration.wait.mean <= 1s"}, {kRate + "=1s..2s"}}), "--over");
  check_refused(plan({kRate, {"hydration.wait.meen <= 1s"}, {kRate + "=1/s..2/s"}}),
                "did you mean \"hydration.wait.mean\"?");
  check_refused(plan({kRate,
                      {"hydration.wait.mean <= 1s", "hydration.wait.mean >= 2s"},
                      {kRate + "=1/s..2/s"}}),
                "contradicts");
  check_refused(
      plan({"/mds/hydration/concurrency", {"hydration.wait.mean <= 1s"}, {kRate + "=1/s..2/s"}}),
      "--minimise");
  check_refused(plan({kRate,
                      {"hydration.wait.mean <= 1s"},
                      {kRate + "=1/s..2/s", "/mds/hydration/concurrency=1..64"}}),
                "has no part in the cost");
  check_refused(
      plan({kRate, {"hydration.wait.mean <= 1s"}, {kRate + "=1/s..2/s", kRate + "=1/s..3/s"}}),
      "stands twice");
  check_refused(run_rehearse({"plan", kScenario, "--minimise", kRate}), "--subject-to");
  check_refused(run_rehearse({"plan"}), "SCENARIO");
  check_refused(run_rehearse({"plan", kScenario, "--compare", kScenario, kScenario}), "--compare");
}

TEST_CASE("two policies are compared run by run at equal budgets") {
  const std::vector<std::string> compare{"plan",
                                         "--compare",
                                         "scenarios/planning/lossy-cache.json",
                                         "scenarios/planning/lossy-reconciliation.json",
                                         "--set",
                                         "/duration=2h",
                                         "--replications",
                                         "5"};
  std::vector<std::string> as_json = compare;
  as_json.insert(as_json.end(), {"--format", "json"});
  const Finished finished = run_rehearse(as_json);
  INFO(finished.err);
  REQUIRE(finished.status == 0);
  const json written = json::parse(finished.out);
  CHECK(written.at("replications") == 5);
  const json& freshness = written.at("metrics").at("entity.freshness.mean");
  CHECK(freshness.at("b").get<double>() > freshness.at("a").get<double>());
  CHECK(freshness.at("differs").get<bool>());
  CHECK(freshness.at("interval")[0].get<double>() > 0);

  std::vector<std::string> unequal = compare;
  unequal[3] = "scenarios/loss-only.json";
  check_refused(run_rehearse(unequal), "--compare");
  std::vector<std::string> unknown = compare;
  unknown.insert(unknown.end(), {"--metric", "entity.age.p999"});
  check_refused(run_rehearse(unknown), "did you mean \"entity.age.p99\"?");
}
