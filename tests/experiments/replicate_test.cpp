#include "experiments/replicate.hpp"

#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "base/error.hpp"
#include "experiments/warmup.hpp"
#include "fixtures.hpp"
#include "processes.hpp"

using namespace rehearse::experiments;
using rehearse::Duration;
using rehearse::test::no_children;
using rehearse::test::open_files;

namespace {

// Ten entities for a minute: a run of a few milliseconds.
Scenario tiny(const std::vector<Override>& more = {}) {
  std::vector<Override> overrides = {{"/duration", "20m"}, {"/faults", "[]"}};
  overrides.insert(overrides.end(), more.begin(), more.end());
  return load_scenario(rehearse::test::source_path("tests/app/valid.json"), overrides);
}

std::string summary(const Replicated& replicated) {
  std::ostringstream text;
  rehearse::reports::write_replicated_summary(replicated.result, text);
  return text.str();
}

long peak_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

}  // namespace

TEST_CASE("a series stops when its metric is known well enough, whatever the number of jobs") {
  const Scenario scenario = tiny();
  ReplicateOptions options;
  options.replications = 500;
  options.until = parse_until("bus.published:10%", scenario.subjects());
  const Replicated one = replicate(scenario, options);
  REQUIRE(one.result.precise);
  CHECK(one.result.precise->reached);
  CHECK(one.result.precise->half_width <= 0.1 * one.result.precise->mean);
  CHECK(one.result.runs.size() == one.result.precise->runs);
  CHECK(one.result.runs.size() >= 10);
  CHECK(one.result.runs.size() < 500);
  options.jobs = 3;
  CHECK(summary(replicate(scenario, options)) == summary(one));
  CHECK(no_children());
}

TEST_CASE("the most replications allowed end a series that is not narrow enough") {
  const Scenario scenario = tiny();
  ReplicateOptions options;
  options.replications = 12;
  options.until = parse_until("bus.published:0.001", scenario.subjects());
  const Replicated replicated = replicate(scenario, options);
  CHECK_FALSE(replicated.result.precise->reached);
  CHECK(replicated.result.runs.size() == 12);
}

TEST_CASE("a precision that cannot be meant is refused") {
  const rehearse::measure::Subjects subjects{{"datasets"}};
  const auto refusal = [&](const char* text) {
    try {
      parse_until(text, subjects);
    } catch (const rehearse::InputError& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  CHECK(parse_until("entity.age.p99:10s", subjects).precision.width == 10);
  CHECK(parse_until("entity.age.p99:5%", subjects).precision.relative);
  CHECK_THAT(refusal("entity.age.p999:5%"), Catch::Contains("did you mean \"entity.age.p99\"?"));
  CHECK_THAT(refusal("entity.age.p99"), Catch::Contains("METRIC:WIDTH"));
  CHECK_THAT(refusal("entity.age.p99:0s"), Catch::Contains("above 0"));
  CHECK_THAT(refusal("entity.age.p99:5/s"), Catch::Contains("duration"));
}

TEST_CASE("a run that dies is made again and reported, and no other is lost") {
  const Scenario scenario = tiny();
  const rehearse::test::TemporaryFolder folder;
  const std::string mark = (folder.path() / "again").string();
  ReplicateOptions options;
  options.replications = 4;
  options.jobs = 2;
  options.graph_copy = folder.path() / "graph.db";
  options.keep_first = [&](const FinishedRun&) {
    if (std::ifstream(mark)) return;
    std::ofstream(mark) << "x";
    kill(getpid(), SIGKILL);
  };
  const std::size_t files = open_files();
  const Replicated killed = replicate(scenario, options);
  CHECK(killed.failures.empty());
  REQUIRE(killed.retries.size() == 1);
  CHECK_THAT(killed.retries[0],
             Catch::Contains("replication 0 was run again") && Catch::Contains("signal 9"));
  CHECK(std::filesystem::exists(*options.graph_copy));
  options.graph_copy.reset();
  options.keep_first = nullptr;
  CHECK(summary(replicate(scenario, options)) == summary(killed));
  options.keep_first = [](const FinishedRun&) { kill(getpid(), SIGKILL); };
  const Replicated twice = replicate(scenario, options);
  REQUIRE(twice.failures.size() == 1);
  CHECK_THAT(twice.failures[0], Catch::StartsWith("replication 0: "));
  CHECK(twice.result.runs.size() == 3);
  CHECK(no_children());
  CHECK(open_files() == files);
}

TEST_CASE("the warm-up that pilot runs show is found, and a run without steady state is refused") {
  const std::vector<Override> slow = {{"/duration", "40000s"},
                                      {"/sources/datasets/entities/0/count", "100"}};
  const Scenario scenario =
      load_scenario(rehearse::test::source_path("scenarios/theory/loss-only.json"), slow);
  const auto warmup = find_warmup(scenario, 5, 2);
  REQUIRE(warmup);
  // Age builds up over some 1/(p lambda) = 5000 s, from 0.
  CHECK(*warmup >= Duration::seconds(500));
  CHECK(*warmup <= Duration::seconds(10000));
  // A pilot run that failed would leave its mark on the choice.
  ReplicateOptions options;
  options.replications = 5;
  options.jobs = 2;
  Replicated pilot = replicate(scenario, options);
  CHECK(warmup_shown_by(pilot) == *warmup);
  pilot.failures.emplace_back("replication 3: the process was ended by signal 9 (Killed)");
  CHECK_THROWS_WITH(warmup_shown_by(pilot),
                    Catch::Contains("pilot") && Catch::Contains("replication 3: the process"));
  // One source's events all lost: its copies age as long as the run lasts.
  std::vector<Override> never = slow;
  never.push_back({"/bus/drop", "1"});
  CHECK_THROWS_WITH(
      find_warmup(
          load_scenario(rehearse::test::source_path("scenarios/theory/loss-only.json"), never), 2,
          2),
      Catch::Contains("no steady state") && Catch::Contains("age_mean_s"));
}

TEST_CASE("ten thousand tiny runs take bounded memory and leave nothing behind", "[long]") {
  const Scenario scenario = tiny({{"/duration", "1m"}});
  ReplicateOptions options;
  options.replications = 100;
  options.jobs = 2;
  replicate(scenario, options);
  const std::size_t files = open_files();
  const long before = peak_mib();
  options.replications = 10'000;
  const Replicated replicated = replicate(scenario, options);
  CHECK(replicated.result.runs.size() == 10'000);
  // 10 000 x 100 numbers are 8 MiB, and twice that while their table grows.
  INFO(before << " MiB before, " << peak_mib() << " after");
  CHECK(peak_mib() - before < 48);
  CHECK(open_files() == files);
  CHECK(no_children());
}
