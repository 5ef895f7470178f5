// `rehearse sweep`, from the command line to the files.
#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "command_line.hpp"
#include "fixtures.hpp"

using rehearse::test::contents;
using rehearse::test::Finished;
using rehearse::test::read_file;
using rehearse::test::run_rehearse;
using rehearse::test::TemporaryFolder;
using rehearse::test::with;
namespace fs = std::filesystem;

namespace {

const std::vector<std::string> kPlan = {
    "sweep", "tests/app/valid.json", "--set",  "/duration=2m",
    "--set", "/faults=[]",           "--vary", "/sources/datasets/changes/0/rate=1/m..30/m log 3"};

const std::vector<std::string> kSweep = with(kPlan, {"--replications", "2"});

const std::vector<std::string> kFiles = {"points.csv", "runs.csv", "sweep.db", "sweep.svg"};

}  // namespace

TEST_CASE("a sweep prints its points and writes database, tables and picture") {
  const TemporaryFolder folder;
  const std::string out = (folder.path() / "out").string();
  const Finished finished = run_rehearse(with(kSweep, {"--out", out}));
  INFO(finished.err);
  CHECK(finished.status == 0);
  CHECK(finished.err.empty());
  CHECK_THAT(finished.out, Catch::StartsWith("valid: 3 points, 6 of 6 runs, seed 1\n"));
  CHECK_THAT(finished.out, Catch::Contains("5.47723/m"));
  CHECK_THAT(finished.out, Catch::Contains("entity.freshness.mean"));
  CHECK(contents(out) == kFiles);
  CHECK(contents(folder.path()) == std::vector<std::string>{"out"});
  const std::string runs = read_file(fs::path(out) / "runs.csv");
  CHECK_THAT(runs,
             Catch::StartsWith("/sources/datasets/changes/0/rate,replication,answers.asked,"));
  CHECK(std::count(runs.begin(), runs.end(), '\n') == 7);
  const std::string points = read_file(fs::path(out) / "points.csv");
  CHECK(std::count(points.begin(), points.end(), '\n') == 4);
}

TEST_CASE("every point meets the same arrivals as a plain run of its replication") {
  const Finished swept = run_rehearse(
      with(kPlan, {"--format", "json", "--metric", "bus.published", "--replications", "1"}));
  const auto json = nlohmann::json::parse(swept.out);
  REQUIRE(json.at("points").size() == 3);
  const Finished plain =
      run_rehearse({"run", "tests/app/valid.json", "--set", "/duration=2m", "--set", "/faults=[]",
                    "--set", "/sources/datasets/changes/0/rate=30/m", "--format", "json"});
  CHECK(json.at("points")[2].at("metrics").at("bus.published").at("mean") ==
        nlohmann::json::parse(plain.out).at("metrics").at("bus.published"));
}

TEST_CASE("three shards merge into the files of the sweep in one go, byte for byte") {
  const TemporaryFolder folder;
  const auto out = [&](const std::string& name) { return (folder.path() / name).string(); };
  CHECK(run_rehearse(with(kSweep, {"--out", out("whole"), "--jobs", "2"})).status == 0);
  for (const std::string part : {"1", "2", "3"}) {
    CHECK(run_rehearse(with(kSweep, {"--out", out(part), "--shard", part + "/3"})).status == 0);
  }
  const Finished two = run_rehearse({"sweep", "--merge", out("1"), out("3"), "--out", out("two")});
  CHECK(two.status == 1);
  CHECK_THAT(two.err, Catch::Contains("2 of 6 runs are in none of the files"));
  CHECK(run_rehearse({"sweep", "--merge", out("3"), out("1") + "/sweep.db", out("2"), "--out",
                      out("merged")})
            .status == 0);
  for (const std::string& name : kFiles) {
    INFO(name);
    CHECK(read_file(folder.path() / "merged" / name) == read_file(folder.path() / "whole" / name));
  }
}

TEST_CASE("a sweep that is run again does what is missing, and keeps what is there") {
  const TemporaryFolder folder;
  const fs::path out = folder.path() / "out", again = folder.path() / "again";
  CHECK(run_rehearse(with(kSweep, {"--out", out.string()})).status == 0);
  const std::string two = read_file(out / "sweep.db");
  CHECK(run_rehearse(with(kSweep, {"--out", out.string()})).status == 0);
  CHECK(read_file(out / "sweep.db") == two);
  CHECK(run_rehearse(with(kPlan, {"--out", out.string(), "--replications", "3"})).status == 0);
  CHECK(run_rehearse(with(kPlan, {"--out", again.string(), "--replications", "3"})).status == 0);
  CHECK(read_file(out / "sweep.db") == read_file(again / "sweep.db"));
  CHECK(run_rehearse(with(kSweep, {"--out", out.string(), "--seed", "2"})).status == 2);
  CHECK(run_rehearse(with(kSweep, {"--out", out.string()})).status == 2);  // fewer replications
  CHECK(read_file(out / "sweep.db") == read_file(again / "sweep.db"));
}

TEST_CASE("two parameters make a heat map, and words have a place on an axis") {
  const TemporaryFolder folder;
  const std::string out = (folder.path() / "out").string();
  const Finished finished =
      run_rehearse(with(kSweep, {"--vary", "/mds/reconciliation/every=none,1m", "--where",
                                 "rate > 1/m", "--out", out}));
  INFO(finished.err);
  CHECK(finished.status == 0);
  CHECK_THAT(finished.out, Catch::StartsWith("valid: 4 points"));
  CHECK_THAT(read_file(fs::path(out) / "sweep.svg"), Catch::Contains("none"));
}

TEST_CASE("three parameters make a row of panels, one for each") {
  const TemporaryFolder folder;
  const std::string out = (folder.path() / "out").string();
  const Finished finished = run_rehearse(
      with(kPlan, {"--vary", "/mds/reconciliation/every=none,1m", "--vary", "/bus/drop=0,0.1",
                   "--metric", "entity.freshness.mean", "--replications", "1", "--out", out}));
  INFO(finished.err);
  CHECK(finished.status == 0);
  const std::string picture = read_file(fs::path(out) / "sweep.svg");
  for (const std::string label : {"rate (per second)", "every", "drop"}) {
    CHECK_THAT(picture, Catch::Contains(label));
  }
}

TEST_CASE("a sweep that cannot be meant is refused with one line and leaves nothing") {
  const TemporaryFolder folder;
  const std::string out = (folder.path() / "out").string();
  const std::vector<std::vector<std::string>> wrong = {{"--vary", "/mds/hydration/concurency=1,2"},
                                                       {"--vary", "/bus/drop=0.5..0.1 lin 3"},
                                                       {"--vary", "/bus/drop=1s,2s"},
                                                       {"--where", "rate > 1s"},
                                                       {"--where", "rate > 100/s"},
                                                       {"--metric", "entity.age.mea"},
                                                       {"--shard", "4/3"},
                                                       {"--merge", "x.db"},
                                                       {"--replications", "0"}};
  for (const std::vector<std::string>& arguments : wrong) {
    const Finished finished = run_rehearse(with(with(kPlan, arguments), {"--out", out}));
    INFO(arguments[0] << " " << arguments[1] << ": " << finished.err);
    CHECK(finished.status == 2);
    CHECK(finished.out.empty());
    CHECK(std::count(finished.err.begin(), finished.err.end(), '\n') == 1);
    CHECK_FALSE(fs::exists(out));
  }
  CHECK_THAT(run_rehearse({"sweep", "tests/app/valid.json"}).err, Catch::Contains("--vary"));
  CHECK_THAT(run_rehearse({"sweep"}).err, Catch::Contains("SCENARIO"));
  CHECK(run_rehearse({"sweep", "--merge", "tests/app/valid.json", "--out", out}).status == 2);
  CHECK_FALSE(fs::exists(out));
}
