// `rehearse explore`, as a user runs it.
#include <catch2/catch.hpp>
#include <csignal>
#include <nlohmann/json.hpp>
#include <set>

#include "command_line.hpp"

using namespace rehearse::test;
using Catch::Contains;
using nlohmann::json;

namespace {

const std::string kHolds = "scenarios/explore/answers-kept-too-long.json";
const std::string kViolated = "scenarios/explore/cached-answers.json";
const std::vector<std::string> kSafe = {"--set", "/mds/query_cache=\"none\""};

Finished explore(std::vector<std::string> arguments, const std::vector<std::string>& more = {}) {
  arguments.insert(arguments.begin(), "explore");
  arguments.insert(arguments.end(), more.begin(), more.end());
  return run_rehearse(arguments);
}

void check_refused(const std::vector<std::string>& arguments, const std::string& why) {
  const Finished finished = explore({kViolated}, arguments);
  CHECK(finished.status == 2);
  CHECK(finished.out.empty());
  CHECK_THAT(finished.err, Contains(why));
}

}  // namespace

TEST_CASE("explore says that a small world holds, with counts, and ends with status 0") {
  const Finished finished = explore({kHolds, "--jobs", "2"}, kSafe);
  CHECK(finished.status == 0);
  CHECK(finished.err.empty());
  CHECK_THAT(finished.out, Contains("answers-kept-too-long: holds"));
  CHECK_THAT(finished.out, Contains("states") && Contains("schedule, the longest of") &&
                               Contains("all explored"));
  CHECK_THAT(finished.out, Contains("checked: facts, ") && !Contains("index"));
  CHECK_THAT(finished.out, Contains("every complete schedule ends in the same graph"));
}

TEST_CASE("explore ends with status 1 and a story for a violation, whatever the number of jobs") {
  const Finished one = explore({kViolated, "--jobs", "1"});
  CHECK(one.status == 1);
  CHECK_THAT(one.out, Contains("cached-answers: violated") &&
                          Contains("The critical step is 3 (*)") &&
                          Contains("not judged: order (the undisturbed schedule itself violates"));
  CHECK_THAT(one.out, Contains("takes model ranking from its cache."));
  const Finished three = explore({kViolated, "--jobs", "3"});
  CHECK(three.status == 1);
  CHECK(three.out == one.out);
}

TEST_CASE(
    "explore keeps a counterexample that runs again exactly, and refuses another scenario's") {
  const TemporaryFolder folder;
  const std::string out = (folder.path() / "out").string();
  REQUIRE(explore({kViolated, "--out", out}).status == 1);
  for (const char* name : {"summary.json", "junit.xml", "perf.json"}) {
    CHECK(std::filesystem::exists(std::filesystem::path(out) / name));
  }
  const json summary = json::parse(read_file(std::filesystem::path(out) / "summary.json"));
  CHECK(summary.at("verdict") == "violated");
  CHECK(json::parse(read_file(std::filesystem::path(out) / "perf.json")).at("service_steps") > 0);
  const std::string file = out + "/" + summary.at("violations").at(0).at("file").get<std::string>();

  const Finished again = explore({kViolated, "--replay", file});
  CHECK(again.status == 1);
  CHECK_THAT(again.out, Contains("The same violation at the same step, in the same state"));
  const Finished repaired =
      explore({kViolated, "--replay", file, "--set", "/mds/hydration/cache_ttl=\"0s\""});
  CHECK(repaired.status != 1);
  const Finished other = explore({kHolds, "--replay", file});
  CHECK(other.status == 2);
  CHECK(other.out.empty());
  CHECK_THAT(other.err, Contains("/scenario: this schedule is of the scenario \"cached-answers\""));
}

TEST_CASE("explore has a counterexample of its own for every property that fails") {
  const TemporaryFolder folder;
  const std::filesystem::path out = folder.path() / "out";
  for (const char* name : {"state-in-events", "cached-answers", "deleted-when-unlisted"}) {
    INFO(name);
    const std::string scenario = std::string("scenarios/explore/") + name + ".json";
    REQUIRE(explore({scenario, "--out", out.string()}).status == 1);
    const json summary = json::parse(read_file(out / "summary.json"));
    const std::string junit = read_file(out / "junit.xml");
    std::set<std::string> properties;
    for (const json& violation : summary.at("violations")) {
      const auto property = violation.at("property").get<std::string>();
      CHECK(properties.insert(property).second);
      const json example = json::parse(read_file(out / violation.at("file").get<std::string>()));
      CHECK(example.at("violates") == property);
      CHECK_THAT(junit, Contains("name=\"" + property + "\">\n      <failure"));
    }
    CHECK(properties.contains("P1"));
    CHECK(summary.at("metrics").at("explore.violations") == properties.size());
    CHECK_THAT(junit, Contains("failures=\"" + std::to_string(properties.size()) + "\""));
  }
}

TEST_CASE("explore says where it takes a round of reconciliation as given") {
  const std::string lost = "scenarios/explore/lost-last-event.json";
  const std::string given = "taken as given: a last round of reconciliation";
  const std::vector<std::string> closed = {"--set", "/explore/reconciliation=\"at-quiescence\""};
  const std::vector<std::string> none = {"--set", "/mds/reconciliation/every=\"none\""};
  const std::vector<std::string> daily = {"--set", "/mds/reconciliation/every=\"1d\""};
  const std::vector<std::string> open = {"--set", "/explore/reconciliation=\"none\""};
  const auto with = [&](std::vector<std::string> one, const std::vector<std::string>& other) {
    one.insert(one.end(), other.begin(), other.end());
    return explore({lost}, one).out;
  };
  CHECK_THAT(with(closed, none), Contains(given));
  CHECK_THAT(with(closed, daily), !Contains(given));
  CHECK_THAT(with(open, none), !Contains(given));
  const Finished told = explore({lost, "--format", "json"}, [&] {
    std::vector<std::string> both = closed;
    both.insert(both.end(), none.begin(), none.end());
    return both;
  }());
  CHECK_THAT(json::parse(told.out).at("assumed").get<std::string>(), Contains(given));
}

TEST_CASE("explore calls a search that was cut not exhausted, which may be a failure") {
  const std::string large = "scenarios/explore/worked-example.json";
  const Finished full = explore({large, "--memory", "16", "--jobs", "1", "--require-complete"});
  CHECK(full.status == 1);
  CHECK_THAT(full.out, Contains("worked-example: not exhausted") &&
                           Contains("not all: the memory was used up"));
  const Finished late = explore({large, "--budget-seconds", "0.1", "--jobs", "1"});
  CHECK(late.status == 0);
  CHECK_THAT(late.out, Contains("not all: the time was up"));
}

TEST_CASE("explore that is interrupted reports what it covered, with status 130") {
  const TemporaryFolder folder;
  const std::filesystem::path out = folder.path() / "out";
  // Seconds of work in any case: four faults of each kind.
  Started started({"explore", "scenarios/explore/worked-example.json", "--jobs", "1", "--set",
                   "/explore/failures=4", "--set", "/explore/crashes=4", "--budget-seconds", "60",
                   "--out", out.string()});
  // Interrupts are noted from before the folder beside --out is there.
  REQUIRE(eventually([&] { return !contents(folder.path()).empty(); }));
  REQUIRE(kill(started.pid(), SIGINT) == 0);
  const Finished finished = started.wait();
  CHECK(finished.status == 130);
  CHECK_THAT(finished.err, Contains("interrupted; what was covered"));
  CHECK_THAT(finished.out, Contains("not exhausted") && Contains("not all: it was interrupted"));
  CHECK(json::parse(read_file(out / "summary.json")).at("verdict") == "not exhausted");
}

TEST_CASE("explore by pct prints what it guarantees, the same for the same seed") {
  const std::vector<std::string> arguments = {kHolds,        "--method", "pct",    "--depth", "2",
                                              "--schedules", "100",      "--seed", "7"};
  const Finished one = explore(arguments, kSafe);
  CHECK(one.status == 0);
  CHECK_THAT(one.out, Contains("not exhausted") && Contains("100 schedules drawn by PCTCP"));
  CHECK_THAT(one.out, Contains("depth 2, at most ") && Contains("with a chance of at least"));
  CHECK(explore(arguments, kSafe).out == one.out);
}

TEST_CASE("explore writes its summary as JSON on stdout") {
  const Finished finished = explore({kHolds, "--format", "json"}, kSafe);
  CHECK(finished.status == 0);
  const json summary = json::parse(finished.out);
  CHECK(summary.at("scenario") == "answers-kept-too-long");
  CHECK(summary.at("verdict") == "holds");
  CHECK(summary.at("metrics").at("explore.complete") == 1);
  CHECK(summary.at("metrics").at("explore.states") > 1);
  CHECK(summary.at("violations").empty());
}

TEST_CASE("explore refuses what it cannot do, with the place") {
  check_refused({"--method", "bogus"}, "--method: bogus not in {exhaustive,random,pct}");
  check_refused({"--method", "random"}, "give --schedules or --budget-seconds");
  check_refused({"--memory", "1"}, "--memory: Value 1 not in range 16 to 1000000");
  check_refused({"--budget-seconds", "-1"}, "found -1; a number of seconds above 0 is allowed");
  check_refused({"--budget-seconds", "nan"}, "found nan; a number of seconds above 0");
  check_refused({"--depth", "2"}, "only --method pct has a depth");
  check_refused({"--schedules", "9"}, "--method exhaustive takes every schedule");
  check_refused({"--seed", "7"}, "--seed: --method exhaustive draws nothing; random and pct do");
  check_refused({"--replay", "f.json", "--seed", "7"}, "--seed: nothing is drawn with --replay");
  check_refused({"--method", "pct", "--schedules", "9", "--memory", "64"},
                "--memory: only --method exhaustive keeps the states seen");
  check_refused({"--replay", "f.json", "--method", "random"},
                "--method: nothing is searched with --replay");
  check_refused({"--replay", "f.json", "--out", "o"}, "--out: nothing is searched with --replay");
  check_refused({"--replay", "f.json", "--format", "json"}, "only text is allowed");
  check_refused({"--jobs", "0"}, "--jobs: Value 0 not in range 1 to 1024");
  check_refused({"--set", "/explore/drops=-1"},
                "/explore/drops: found -1; a whole number from 0 to 100 is allowed");
  check_refused({"--set", "/explore/reconciliation=\"sometimes\""}, "at-quiescence");
  check_refused({"--replay", "no-such-file.json"}, "no-such-file.json");
}

TEST_CASE("results of an exploration take the place of those before it, or leave them") {
  const TemporaryFolder folder;
  const std::filesystem::path out = folder.path() / "out";
  const std::vector<std::string> search = {"explore", "scenarios/explore/concurrent-fetches.json",
                                           "--out", out.string()};
  CHECK(run_rehearse(search).status == 1);
  CHECK(std::filesystem::exists(out / "counterexample-P1.json"));
  CHECK(run_rehearse(with(search, {"--set", "/mds/hydration/coalescing=safe"})).status == 0);
  CHECK(contents(out) == std::vector<std::string>{"junit.xml", "perf.json", "summary.json"});
  CHECK(contents(folder.path()) == std::vector<std::string>{"out"});

  const std::filesystem::path file = out / "perf.json";
  const Finished refused = run_rehearse(
      {"explore", "scenarios/explore/concurrent-fetches.json", "--out", file.string()});
  CHECK(refused.status == 2);
  CHECK(refused.out.empty());
}
