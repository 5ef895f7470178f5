// Logs whose times were read wrong, not at all, or as lying outside the run without a word.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "command_line.hpp"
#include "experiments/scenario/scenario.hpp"
#include "fixtures.hpp"

using namespace rehearse;
using Catch::Contains;

namespace {

const std::string kCases = "tests/cases/worlds/";

experiments::Scenario load(const std::string& name,
                           const std::vector<experiments::Override>& overrides = {}) {
  return experiments::load_scenario(test::source_path(kCases + name), overrides);
}

std::vector<std::int64_t> times_of(const experiments::Scenario& scenario) {
  std::vector<std::int64_t> times;
  for (const auto& timed : scenario.timeline) times.push_back(timed.at.ns);
  return times;
}

}  // namespace

// %z was read and ignored: two lines five hours apart happened at once.
TEST_CASE("a log's offset from UTC moves its lines") {
  CHECK(times_of(load("offset/offset.json")) ==
        std::vector<std::int64_t>{0, 5 * 3600 * std::int64_t{1'000'000'000}});
}

// A fraction was allowed at the end of the text only, so "...40.472698302Z" was refused.
TEST_CASE("a fraction of a second may stand before the zone") {
  const std::vector<std::int64_t> due = {0, 1'027'301'698, 19'527'301'698, 79'527'301'698};
  CHECK(times_of(load("iso-fraction/z.json")) == due);
  const std::string pointer = "/sources/pipeline-orchestrator/trace/time/format";
  CHECK(times_of(load("iso-fraction/z.json", {{pointer, "iso8601"}})) == due);
  CHECK(times_of(load("iso-fraction/z.json", {{pointer, "%Y-%m-%dT%H:%M:%S%z"}})) == due);
}

// Seconds since 1970 lie half a century after the run; nothing happened in it, and it converged.
TEST_CASE("a trace that lies outside the run is refused with what to set") {
  const test::Finished finished = test::run_rehearse({"run", kCases + "epoch/epoch.json"});
  CHECK(finished.status == 2);
  CHECK_THAT(finished.err, Contains("/sources/pipeline-orchestrator/trace/time: none of the 2") &&
                               Contains("\"origin\": 1700000000") && Contains("\"duration\""));
  const auto scenario = load("epoch/epoch.json",
                             {{"/sources/pipeline-orchestrator/trace/time/origin", "1700000000"}});
  CHECK(times_of(scenario) == std::vector<std::int64_t>{0, 100'000'000'000});
  CHECK(scenario.hints.empty());
}

TEST_CASE("what a run leaves out of a trace is in its summary") {
  const test::Finished finished =
      test::run_rehearse({"run", kCases + "iso-fraction/z.json", "--set", "/duration=10s"});
  CHECK(finished.status == 1);
  CHECK_THAT(
      finished.out,
      Contains("traces          0 skipped for an empty time or id, 2 due after the duration"));
  const test::Finished most_are_late =
      test::run_rehearse({"run", kCases + "iso-fraction/z.json", "--set", "/duration=1s"});
  CHECK_THAT(most_are_late.err,
             Contains("note: ") && Contains("only 1 of the 4 rows") && Contains("80s"));
}
