// Ctrl-C and kill -9 in the middle of many runs, as a user, a batch system or the kernel's
// out-of-memory killer does it. The tests wait for what the program does and never for a time: on a
// busy machine a program may even be over before a test has looked at it, and is then begun again.
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cerrno>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "command_line.hpp"
#include "fixtures.hpp"

namespace fs = std::filesystem;
using nlohmann::json;
using rehearse::test::contents;
using rehearse::test::eventually;
using rehearse::test::Finished;
using rehearse::test::read_file;
using rehearse::test::run_rehearse;
using rehearse::test::Started;
using rehearse::test::TemporaryFolder;
using rehearse::test::with;

namespace {

constexpr int kMostTries = 20;

bool group_is_gone(pid_t group) {
  return eventually([group] { return kill(-group, 0) != 0 && errno == ESRCH; });
}

// Runs of some tens of milliseconds, `replications` at each of two points.
std::vector<std::string> sweep_of(int replications, const fs::path& out) {
  return {"sweep",          "tests/app/valid.json",
          "--set",          "/duration=20h",
          "--set",          "/faults=[]",
          "--vary",         "/sources/datasets/changes/0/rate=1/m,2/m",
          "--replications", std::to_string(replications),
          "--jobs",         "2",
          "--out",          out.string()};
}

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

// Waits until the oldest worker that is to be seen was taken in: so were those before it.
bool first_worker_is_done(const Started& started) {
  std::vector<pid_t> seen;
  return eventually([&] {
    const std::vector<pid_t> now = started.workers();
    if (seen.empty()) seen = now;
    return !seen.empty() && std::find(now.begin(), now.end(), seen.front()) == now.end();
  });
}

// Kills the sweep when some of its runs are written down. False when it was over before.
bool killed_midway(const std::vector<std::string>& sweep, const fs::path& out) {
  const auto some_runs_are_down = [&] {
    std::error_code none_yet;
    const std::uintmax_t size = fs::file_size(out / "sweep.journal", none_yet);
    return !none_yet && size > 2000;
  };
  Started started(sweep);
  REQUIRE(eventually([&] { return some_runs_are_down() || started.ended(); }));
  const pid_t pid = started.pid();
  REQUIRE(kill(pid, SIGKILL) == 0);
  const Finished finished = started.wait();
  CHECK(group_is_gone(pid));  // the workers die with it
  if (finished.status == 0 || fs::exists(out / "sweep.db")) return false;
  CHECK(finished.status == -1);
  CHECK(contents(out) == std::vector<std::string>{"sweep.journal"});
  return true;
}

// The same by Ctrl-C, as soon as it has workers.
bool stopped_midway(const std::vector<std::string>& sweep, const fs::path& out) {
  Started started(sweep);
  REQUIRE(eventually([&] { return !started.workers().empty() || started.ended(); }));
  const Finished finished = interrupt(started, From::terminal);
  if (finished.status == 0 || finished.status == -1) return false;  // over, or just about to be
  INFO(finished.err);
  CHECK(finished.status == 130);
  CHECK_THAT(finished.err, Catch::Contains(" runs; the same command goes on from there"));
  CHECK_THAT(finished.out, Catch::StartsWith("valid: 2 points, "));
  CHECK(contents(out.parent_path()) == std::vector<std::string>{"out"});
  CHECK(contents(out) ==
        std::vector<std::string>{"points.csv", "runs.csv", "sweep.db", "sweep.svg"});
  return true;
}

// The files of a sweep of so many replications that was killed, gone on with, stopped and gone on
// with, beside those of one in one go. False when it was over too early.
bool stopped_twice_and_compared(int replications) {
  const TemporaryFolder folder;
  const fs::path out = folder.path() / "out";
  const std::vector<std::string> sweep = sweep_of(replications, out);
  if (!killed_midway(sweep, out) || !stopped_midway(sweep, out)) return false;
  CHECK(run_rehearse(sweep).status == 0);
  const fs::path whole = folder.path() / "whole";
  CHECK(run_rehearse(sweep_of(replications, whole)).status == 0);
  for (const std::string& name : contents(whole)) {
    INFO(name);
    CHECK(read_file(out / name) == read_file(whole / name));
  }
  return true;
}

// Runs a command, into the folder `out`, of which one worker is killed.
void run_with_a_worker_killed(const std::vector<std::string>& command, const fs::path& out) {
  for (int i = 0; i < kMostTries; ++i) {
    fs::remove_all(out);
    Started started(command);
    REQUIRE(eventually([&] {
      const std::vector<pid_t> workers = started.workers();
      return (!workers.empty() && kill(workers.front(), SIGKILL) == 0) || started.ended();
    }));
    const pid_t pid = started.pid();
    const Finished finished = started.wait();
    INFO(finished.err);
    CHECK(finished.status == 0);
    CHECK(group_is_gone(pid));
    if (finished.err.empty()) continue;  // the worker had ended already
    CHECK_THAT(finished.err, Catch::Contains("was run again: the process was ended by signal 9"));
    return;
  }
  FAIL("no worker that was killed was reported in " << kMostTries << " tries");
}

}  // namespace

TEST_CASE("Ctrl-C during replications leaves the results of those that are complete") {
  for (const From from : {From::terminal, From::kill}) {
    const TemporaryFolder folder;
    const fs::path out = folder.path() / "out";
    Started started(with(replications("100000", "1h"), {"--out", out.string()}));
    REQUIRE(first_worker_is_done(started));
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

TEST_CASE("a program that aborts, as a failed assertion makes it, ends with the status of a bug") {
  const TemporaryFolder folder;
  const std::string out = (folder.path() / "new" / "out").string();
  Started started(with(replications("1", "100000h"), {"--out", out}));
  REQUIRE(eventually([&] { return !contents(folder.path()).empty(); }));
  REQUIRE(kill(started.pid(), SIGABRT) == 0);
  CHECK(started.wait().status == 3);
}

TEST_CASE("a sweep that Ctrl-C or a kill has stopped ends in the bytes of one made in one go") {
  for (const int replications : {10, 40, 160, 640}) {
    if (stopped_twice_and_compared(replications)) return;
  }
  FAIL("a sweep of 1280 runs was over before it was looked at");
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
  const auto in = [&](const char* name) { return folder.path() / name; };
  const auto run = [&](const char* out) {
    return with(replications("6", "100h"), {"--out", in(out).string()});
  };
  run_with_a_worker_killed(run("killed"), in("killed"));
  CHECK(run_rehearse(run("run")).status == 0);
  CHECK(read_file(in("killed") / "summary.json") == read_file(in("run") / "summary.json"));
  run_with_a_worker_killed(sweep_of(10, in("sweep killed")), in("sweep killed"));
  CHECK(run_rehearse(sweep_of(10, in("sweep"))).status == 0);
  CHECK(read_file(in("sweep killed") / "sweep.db") == read_file(in("sweep") / "sweep.db"));
}
