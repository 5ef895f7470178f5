// Ctrl-C and kill -9 in the middle of many runs, as a user, a batch system or the kernel's
// out-of-memory killer does it.
#include <signal.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>

#include "command_line.hpp"
#include "fixtures.hpp"

namespace fs = std::filesystem;
using nlohmann::json;
using rehearse::test::contents;
using rehearse::test::Finished;
using rehearse::test::read_file;
using rehearse::test::run_rehearse;
using rehearse::test::Started;
using rehearse::test::TemporaryFolder;
using rehearse::test::with;

namespace {

constexpr int kPollMicroseconds = 2000;
constexpr int kMostPolls = 15'000;  // half a minute, on a machine that has other work

// Whether `what` became true.
bool eventually(const std::function<bool()>& what) {
  for (int i = 0; i < kMostPolls; ++i) {
    if (what()) return true;
    usleep(kPollMicroseconds);
  }
  return false;
}

bool group_is_gone(pid_t group) {
  return eventually([group] { return kill(-group, 0) != 0 && errno == ESRCH; });
}

// Twenty runs of some tens of milliseconds.
const std::vector<std::string> kSweep = {
    "sweep",          "tests/app/valid.json",
    "--set",          "/duration=20h",
    "--set",          "/faults=[]",
    "--vary",         "/sources/datasets/changes/0/rate=1/m,2/m",
    "--replications", "10",
    "--jobs",         "2"};

std::vector<std::string> replications(const std::string& count, const std::string& duration) {
  return {"run",
          "tests/app/valid.json",
          "--set",
          "/faults=[]",
          "--set",
          "/duration=" + duration,
          "--jobs",
          "2",
          "--replications",
          count};
}

const std::vector<std::string> kPlan = {
    "plan",         "scenarios/planning/mean-wait.json",
    "--minimise",   "/mds/hydration/budgets/datasets/rate",
    "--subject-to", "hydration.wait.mean <= 500ms",
    "--over",       "/mds/hydration/budgets/datasets/rate=0.6/s..4/s",
    "--jobs",       "2"};

// How the user stops it: a terminal signals the whole job, `kill` the program alone.
enum class From { terminal, kill };

Finished interrupt(Started& started, From from) {
  const pid_t pid = started.pid();
  REQUIRE(kill(from == From::terminal ? -pid : pid, SIGINT) == 0);
  Finished finished = started.wait();
  CHECK(group_is_gone(pid));
  return finished;
}

}  // namespace

TEST_CASE("Ctrl-C during replications leaves the results of those that are complete") {
  for (const From from : {From::terminal, From::kill}) {
    const TemporaryFolder folder;
    const fs::path out = folder.path() / "out";
    Started started(with(replications("100000", "1h"), {"--out", out.string()}));
    // The first one's curves come before its process ends; some more are complete soon after.
    REQUIRE(eventually([&] {
      const std::vector<std::string> there = contents(folder.path());
      return !there.empty() && fs::exists(folder.path() / there.front() / "staleness.svg");
    }));
    usleep(100'000);
    const Finished finished = interrupt(started, from);
    INFO(finished.err);
    CHECK(finished.status == 130);
    CHECK_THAT(finished.err, Catch::Contains("interrupted after") && Catch::Contains(" of 100000"));
    CHECK(contents(folder.path()) == std::vector<std::string>{"out"});
    const json summary = json::parse(read_file(out / "summary.json"));
    CHECK(summary.at("replications") >= 1);
    CHECK(summary.at("replications") < 100'000);
    CHECK(fs::exists(out / "graph.db"));
  }
}

TEST_CASE("Ctrl-C before the first run is complete leaves nothing") {
  const TemporaryFolder folder;
  const std::string out = (folder.path() / "new" / "out").string();
  for (const std::string count : {"1", "100"}) {
    Started started(with(replications(count, "100000h"), {"--out", out}));
    REQUIRE(eventually([&] { return !contents(folder.path()).empty(); }));
    const Finished finished = interrupt(started, From::terminal);
    CHECK(finished.status == 130);
    CHECK(finished.err == "rehearse: interrupted\n");
    CHECK(finished.out.empty());
    CHECK(contents(folder.path()).empty());
  }
}

TEST_CASE("a sweep that Ctrl-C or a kill has stopped ends in the bytes of one made in one go") {
  const TemporaryFolder folder;
  const fs::path out = folder.path() / "out";
  const fs::path whole = folder.path() / "whole";
  const auto some_runs_are_down = [&] {
    std::error_code none_yet;
    const std::uintmax_t size = fs::file_size(out / "sweep.journal", none_yet);
    return !none_yet && size > 2000;
  };
  const std::vector<std::string> sweep = with(kSweep, {"--out", out.string()});
  {
    Started killed(sweep);
    REQUIRE(eventually(some_runs_are_down));
    const pid_t pid = killed.pid();
    REQUIRE(kill(pid, SIGKILL) == 0);
    CHECK(killed.wait().status == -1);
    CHECK(group_is_gone(pid));  // the workers die with it
    CHECK(contents(out) == std::vector<std::string>{"sweep.journal"});
  }
  {
    Started stopped(sweep);
    REQUIRE(eventually([&] { return !stopped.workers().empty(); }));
    const Finished finished = interrupt(stopped, From::terminal);
    INFO(finished.err);
    CHECK(finished.status == 130);
    CHECK_THAT(finished.err, Catch::Contains("of 20 runs; the same command goes on from there"));
    CHECK_THAT(finished.out, Catch::StartsWith("valid: 2 points, "));
    CHECK(contents(folder.path()) == std::vector<std::string>{"out"});
    CHECK(contents(out) ==
          std::vector<std::string>{"points.csv", "runs.csv", "sweep.db", "sweep.svg"});
  }
  CHECK(run_rehearse(sweep).status == 0);
  CHECK(run_rehearse(with(kSweep, {"--out", whole.string()})).status == 0);
  for (const std::string& name : contents(whole)) {
    INFO(name);
    CHECK(read_file(out / name) == read_file(whole / name));
  }
}

TEST_CASE("Ctrl-C during a plan tells the best so far and leaves the folder as it was") {
  const TemporaryFolder folder;
  const fs::path out = folder.path() / "out";
  fs::create_directory(out);
  rehearse::test::write_file(out / "plan.json", "earlier");
  Started started(with(kPlan, {"--out", out.string()}));
  REQUIRE(eventually([&] { return started.workers().size() == 2; }));
  const Finished finished = interrupt(started, From::terminal);
  INFO(finished.err);
  CHECK(finished.status == 130);
  CHECK_THAT(finished.err, Catch::StartsWith("rehearse: interrupted after "));
  CHECK(std::count(finished.err.begin(), finished.err.end(), '\n') == 1);
  CHECK(finished.out.empty());
  CHECK(contents(folder.path()) == std::vector<std::string>{"out"});
  CHECK(contents(out) == std::vector<std::string>{"plan.json"});
  CHECK(read_file(out / "plan.json") == "earlier");
}

TEST_CASE("a worker that is killed is reported and run again, and no other run is lost") {
  const TemporaryFolder folder;
  const auto killed_once = [&](std::vector<std::string> arguments, const std::string& out) {
    Started started(with(std::move(arguments), {"--out", (folder.path() / out).string()}));
    REQUIRE(eventually([&] {
      const std::vector<pid_t> workers = started.workers();
      return !workers.empty() && kill(workers.front(), SIGKILL) == 0;
    }));
    const pid_t pid = started.pid();
    const Finished finished = started.wait();
    INFO(finished.err);
    CHECK(finished.status == 0);
    CHECK_THAT(finished.err, Catch::Contains("was run again: the process was ended by signal 9"));
    CHECK(group_is_gone(pid));
  };
  killed_once(replications("6", "100h"), "killed");
  CHECK(run_rehearse(with(replications("6", "100h"), {"--out", (folder.path() / "run").string()}))
            .status == 0);
  CHECK(read_file(folder.path() / "killed" / "summary.json") ==
        read_file(folder.path() / "run" / "summary.json"));
  killed_once(kSweep, "sweep killed");
  CHECK(run_rehearse(with(kSweep, {"--out", (folder.path() / "sweep").string()})).status == 0);
  CHECK(read_file(folder.path() / "sweep killed" / "sweep.db") ==
        read_file(folder.path() / "sweep" / "sweep.db"));
}
