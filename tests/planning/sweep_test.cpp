#include "planning/sweep/sweep.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "fixtures.hpp"
#include "planning/sweep/fingerprint.hpp"
#include "planning/sweep/journal.hpp"
#include "planning/sweep/sweep_file.hpp"

using namespace rehearse::planning;
using rehearse::InputError;
using rehearse::test::TemporaryFolder;
namespace fs = std::filesystem;

namespace {

const std::string kRate = "/sources/datasets/changes/0/rate";

Evaluator evaluator(const std::vector<rehearse::experiments::Override>& more = {}) {
  std::vector<rehearse::experiments::Override> overrides = {{"/duration", "2m"}, {"/faults", "[]"}};
  overrides.insert(overrides.end(), more.begin(), more.end());
  return Evaluator(rehearse::test::source_path("tests/app/valid.json"), overrides,
                   {.jobs = 2, .progress = {}});
}

SweepRequest request() {
  SweepRequest request;
  request.vary = {kRate + "=1/m,10/m,30/m", "/bus/drop=0,0.5"};
  request.where = {"drop < 0.1"};
  request.replications = 3;
  return request;
}

SweepRequest two_parameters() {
  SweepRequest two = request();
  two.where.clear();
  return two;
}

std::string bytes(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::string written(const Sweep& sweep) {
  const TemporaryFolder folder;
  write_sweep(sweep, folder.path() / "sweep.db");
  return bytes(folder.path() / "sweep.db");
}

Sweep run_all(const SweepRequest& request, const Shard& shard = {}) {
  Evaluator evaluator = ::evaluator();
  Sweep sweep;
  sweep.design = make_design(request, evaluator);
  const SweepOutcome outcome =
      run_sweep(sweep, missing_runs(sweep, shard), evaluator, [](const RunKey&, const auto&) {});
  REQUIRE_FALSE(outcome.interrupted);
  REQUIRE(outcome.failures.empty());
  return sweep;
}

template <typename Action>
std::string refusal(const Action& action) {
  try {
    action();
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("the points of a grid are the products that meet the conditions, last one fastest") {
  const Evaluator evaluator = ::evaluator();
  const Design all = make_design(two_parameters(), evaluator);
  REQUIRE(all.points.size() == 6);
  CHECK(point_text(all, 0) == "rate=1/m drop=0");
  CHECK(point_text(all, 1) == "rate=1/m drop=0.5");
  CHECK(point_text(all, 5) == "rate=30/m drop=0.5");
  const Design some = make_design(request(), evaluator);
  REQUIRE(some.points.size() == 3);
  CHECK(point_text(some, 2) == "rate=30/m drop=0");
  CHECK(some.metrics[some.shown.at(0)].name == "entity.freshness.mean");  // the one expected
}

TEST_CASE("a design that cannot be run is refused before the first run") {
  const Evaluator evaluator = ::evaluator();
  const auto refused = [&](const auto& change) {
    SweepRequest changed = request();
    change(changed);
    return refusal([&] { make_design(changed, evaluator); });
  };
  CHECK_THAT(refused([](SweepRequest& r) { r.where.push_back("drop > 0.1"); }),
             Catch::Contains("no point meets all conditions"));
  CHECK_THAT(refused([](SweepRequest& r) { r.vary.push_back("/bus/drop=0.1,0.2"); }),
             Catch::Contains("stands twice"));
  CHECK_THAT(refused([](SweepRequest& r) { r.vary.push_back("/warmup=1m,3m"); }),
             Catch::StartsWith("--vary: /warmup") && Catch::Contains("at the point"));
  CHECK_THAT(refused([](SweepRequest& r) { r.metrics = {"entity.freshness.men"}; }),
             Catch::Contains("did you mean \"entity.freshness.mean\"?"));
  CHECK_THAT(refused([](SweepRequest& r) {
               r.vary.push_back("/mds/hydration/concurrency=1..50000 lin 50000");
             }),
             Catch::Contains("more than 100000 points"));
}

TEST_CASE("a sweep of three shards, merged, is byte for byte the sweep in one go") {
  const Sweep whole = run_all(two_parameters());
  CHECK(whole.complete());
  Sweep merged = run_all(two_parameters(), parse_shard("2/3"));
  CHECK(merged.runs.size() == 6);
  CHECK_FALSE(merged.complete());
  merge_sweep(merged, run_all(two_parameters(), parse_shard("3/3")), {});
  merge_sweep(merged, run_all(two_parameters(), parse_shard("1/3")), {});
  CHECK(merged.complete());
  CHECK(written(merged) == written(whole));
  const TemporaryFolder folder;
  write_sweep(whole, folder.path() / "sweep.db");
  CHECK(written(read_sweep(folder.path() / "sweep.db")) == written(whole));
}

TEST_CASE("a sweep that is killed goes on where it was, and ends with the same bytes") {
  const TemporaryFolder folder;
  const fs::path journal_path = folder.path() / "sweep.journal";
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    Evaluator evaluator = ::evaluator();
    Sweep sweep;
    sweep.design = make_design(two_parameters(), evaluator);
    Journal journal(journal_path, sweep.design);
    run_sweep(sweep, missing_runs(sweep, {}), evaluator,
              [&](const RunKey& key, const std::vector<double>& metrics) {
                journal.add(key, metrics);
                if (sweep.runs.size() == 6) kill(getpid(), SIGKILL);
              });
    _exit(1);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
  // A kill may come in the midst of a line.
  std::ofstream(journal_path, std::ios::binary | std::ios::app) << "3 1 0.25 17";

  Evaluator evaluator = ::evaluator();
  Sweep sweep;
  sweep.design = make_design(two_parameters(), evaluator);
  Journal journal(journal_path, sweep.design);
  journal.restore(sweep);
  CHECK(sweep.runs.size() == 7);
  const std::vector<RunKey> missing = missing_runs(sweep, {});
  CHECK(missing.size() == 11);
  run_sweep(sweep, missing, evaluator, [&](const RunKey& key, const std::vector<double>& metrics) {
    journal.add(key, metrics);
  });
  CHECK(evaluator.runs() == 11);
  CHECK(written(sweep) == written(run_all(two_parameters())));
}

TEST_CASE("a journal of another sweep, or one in use, is refused") {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "sweep.journal";
  const Evaluator evaluator = ::evaluator();
  const Design one = make_design(request(), evaluator),
               two = make_design(two_parameters(), evaluator);
  { const Journal journal(path, one); }
  CHECK_THAT(refusal([&] { Journal(path, two); }), Catch::Contains("another sweep"));
  // Locks are between processes.
  const Journal mine(path, one);
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const std::string said = refusal([&] { Journal(path, one); });
    _exit(said.find("in use") != std::string::npos ? 0 : 1);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("results of another scenario, version, seed or grid are refused, saying which") {
  Design design = make_design(two_parameters(), evaluator());
  const auto refused = [&](const Design& other) {
    return refusal([&] { check_same(design, other, {"sweep.db", {}, 0, 0}); });
  };
  CHECK(refused(design) == "accepted");
  Design other = design;
  other.scenario = "else";
  CHECK_THAT(refused(other), Catch::StartsWith("sweep.db: is of the scenario else, not of valid"));
  other = design;
  other.version = "0.0.1";
  CHECK_THAT(refused(other), Catch::Contains("version 0.0.1"));
  CHECK_THAT(refused(make_design(two_parameters(), evaluator({{"/seed", "2"}}))),
             Catch::Contains("is of seed 2, not of 1"));
  CHECK_THAT(refused(make_design(two_parameters(), evaluator({{"/duration", "3m"}}))),
             Catch::Contains("other settings"));
  CHECK_THAT(refused(make_design(request(), evaluator())), Catch::Contains("another grid"));
}

TEST_CASE("runs that differ on two machines cannot be merged") {
  const Sweep one = run_all(request());
  Sweep two = one;
  two.runs.begin()->second[0] += 1;
  CHECK_THAT(refusal([&] {
               merge_sweep(two, one, {"part2", {}, 0, 0});
             }),
             Catch::Contains("part2: has other results for rate=1/m drop=0, replication 0"));
}

TEST_CASE("a file that is no sweep is refused by name") {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "sweep.db";
  CHECK_THAT(refusal([&] { read_sweep(path); }), Catch::Contains("cannot be read as a sweep"));
  std::ofstream(path) << "something else that is long enough to be looked at, but no database";
  CHECK_THAT(refusal([&] { read_sweep(path); }), Catch::Contains("cannot be read as a sweep"));
}

TEST_CASE("the fingerprint sees settings and files, and not what does not touch a metric") {
  const std::vector<Parameter> varied = {{kRate, Unit::rate, "/m"}};
  const auto of = [&](const std::vector<rehearse::experiments::Override>& more) {
    return fingerprint(evaluator(more).node(), varied);
  };
  const std::string plain = of({});
  CHECK(of({{kRate, "7/m"}}) == plain);
  CHECK(of({{"/description", "other words"}}) == plain);
  CHECK(of({{"/expect/0/at_least", "0.7"}}) == plain);
  CHECK(of({{"/bus/drop", "0.1"}}) != plain);
  CHECK(of({{"/sources/datasets/entities/0/count", "11"}}) != plain);
}

TEST_CASE("shards are named I/N") {
  CHECK(parse_shard("2/3").index == 1);
  CHECK(parse_shard("2/3").of == 3);
  for (const char* wrong : {"", "2", "0/3", "4/3", "a/3", "1/", "1/3x", "-1/3"}) {
    CHECK_THROWS_AS(parse_shard(wrong), InputError);
  }
}
