// `rehearse run` and `rehearse validate`, from the command line to the files.
#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "command_line.hpp"
#include "fixtures.hpp"

using rehearse::test::Finished;
using rehearse::test::read_file;
using rehearse::test::run_rehearse;
using rehearse::test::TemporaryFolder;
using rehearse::test::with;
using rehearse::test::write_file;
namespace fs = std::filesystem;

namespace {

const std::string kScenario = "tests/app/valid.json";
const std::set<std::string> kFiles = {"graph.db",        "junit.xml",    "perf.json",
                                      "statistics.json", "summary.json", "staleness.svg",
                                      "timeseries.csv"};

std::set<std::string> names_in(const fs::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    names.insert(entry.path().filename().string());
  }
  return names;
}

nlohmann::json summary_of(const std::vector<std::string>& arguments) {
  std::vector<std::string> whole = {"run", kScenario, "--format", "json"};
  whole.insert(whole.end(), arguments.begin(), arguments.end());
  const Finished finished = run_rehearse(whole);
  INFO(finished.err);
  REQUIRE((finished.status == 0 || finished.status == 1));
  return nlohmann::json::parse(finished.out);
}

}  // namespace

TEST_CASE("the worked example passes, prints its expectations and names the files it wrote") {
  const TemporaryFolder folder;
  const std::string out = (folder.path() / "new/out").string();
  const Finished finished =
      run_rehearse({"run", "scenarios/ranking-worked-example.json", "--out", out});
  CHECK(finished.status == 0);
  CHECK(finished.err.empty());
  CHECK_THAT(finished.out, Catch::Contains("pass  converged equals 1"));
  CHECK_THAT(finished.out, Catch::Contains("\nWrote to " + out + ":"));
  const std::string written = finished.out.substr(finished.out.find("\nWrote to ") + 1);
  std::istringstream lines(written);
  std::string line;
  std::getline(lines, line);  // holds the folder's name, however long
  while (std::getline(lines, line)) {
    CHECK_THAT(line, Catch::StartsWith("  "));
    CHECK(line.size() <= 80);
  }
  for (const std::string& name : kFiles) CHECK_THAT(finished.out, Catch::Contains(" " + name));
  CHECK(names_in(out) == kFiles);
  CHECK(names_in(folder.path()) == std::set<std::string>{"new"});
}

TEST_CASE("without --out nothing is written") {
  const TemporaryFolder folder;
  const std::string scenario = rehearse::test::source_path(kScenario).string();
  const Finished finished = run_rehearse({"run", scenario}, folder.path());
  CHECK(finished.status == 0);
  CHECK(fs::is_empty(folder.path()));
}

TEST_CASE("results of an earlier run are replaced and other files stay") {
  const TemporaryFolder folder;
  const fs::path out = folder.path() / "out";
  write_file(out / "summary.json", "old");
  write_file(out / "trace.jsonl", "old");
  write_file(out / "notes.txt", "mine");
  CHECK(run_rehearse({"run", kScenario, "--out", out.string()}).status == 0);
  CHECK(read_file(out / "summary.json") != "old");
  CHECK_FALSE(fs::exists(out / "trace.jsonl"));
  CHECK(read_file(out / "notes.txt") == "mine");
  CHECK(names_in(folder.path()) == std::set<std::string>{"out"});
}

TEST_CASE("an expectation that does not hold gives status 1 and the results all the same") {
  const TemporaryFolder folder;
  const fs::path out = folder.path() / "out";
  const Finished finished =
      run_rehearse({"run", kScenario, "--set", "/expect/0/at_least=1", "--out", out.string()});
  CHECK(finished.status == 1);
  CHECK(finished.err.empty());
  CHECK_THAT(finished.out, Catch::Contains("FAIL"));
  CHECK_THAT(read_file(out / "junit.xml"), Catch::Contains("failures=\"1\""));
}

TEST_CASE("the summary on stdout is the summary in the folder") {
  const TemporaryFolder folder;
  const fs::path out = folder.path() / "out";
  const Finished finished =
      run_rehearse({"run", kScenario, "--format", "json", "--out", out.string()});
  CHECK(finished.out == read_file(out / "summary.json"));
  CHECK(nlohmann::json::parse(finished.out).at("scenario") == "valid");
}

TEST_CASE("the seed on the command line goes before the scenario's, and other seeds differ") {
  const nlohmann::json plain = summary_of({});
  CHECK(plain.at("seed") == 1);
  CHECK(summary_of({"--seed", "1"}) == plain);
  CHECK(summary_of({"--set", "/seed=1"}) == plain);
  const nlohmann::json other = summary_of({"--seed", "2"});
  CHECK(other.at("seed") == 2);
  CHECK(other.at("metrics") != plain.at("metrics"));
}

TEST_CASE("replications give means of which the first run is the plain run") {
  const nlohmann::json plain = summary_of({});
  const nlohmann::json three = summary_of({"--replications", "3", "--jobs", "2"});
  REQUIRE(three.at("runs").size() == 3);
  CHECK(three.at("runs")[0] == plain.at("metrics"));
  CHECK(three.at("runs")[1] != three.at("runs")[0]);
  CHECK(three.at("digest") == plain.at("digest"));
  CHECK(three.at("metrics").at("bus.published").contains("interval95"));
}

TEST_CASE("runs go on until a metric is known well enough, and the warm-up can be found") {
  const TemporaryFolder folder;
  const fs::path out = folder.path() / "out";
  const Finished finished =
      run_rehearse({"run", kScenario, "--until", "bus.published:10%", "--out", out.string()});
  INFO(finished.err);
  CHECK(finished.status == 0);
  CHECK_THAT(finished.out, Catch::Contains("10% was asked."));
  const auto until = nlohmann::json::parse(read_file(out / "statistics.json")).at("until");
  CHECK(until.at("reached") == true);
  CHECK(until.at("runs") ==
        nlohmann::json::parse(read_file(out / "summary.json")).at("replications"));
  const Finished wrong = run_rehearse({"run", kScenario, "--until", "bus.publisht:10%"});
  CHECK(wrong.status == 2);
  CHECK_THAT(wrong.err, Catch::Contains("did you mean \"bus.published\"?"));
  CHECK(run_rehearse({"run", kScenario, "--warmup", "2h"}).status == 2);
  CHECK(run_rehearse({"run", kScenario, "--warmup", "10m"}).status == 0);
}

TEST_CASE("replications write the same files as a plain run") {
  const TemporaryFolder folder;
  const fs::path out = folder.path() / "out";
  const Finished finished =
      run_rehearse({"run", kScenario, "--replications", "2", "--jobs", "2", "--out", out.string()});
  INFO(finished.err);
  CHECK(finished.status == 0);
  CHECK(names_in(out) == kFiles);
  CHECK(names_in(folder.path()) == std::set<std::string>{"out"});
}

TEST_CASE("arguments out of range are refused with one line") {
  const std::vector<std::vector<std::string>> wrong = {
      {"--replications", "0"}, {"--jobs", "0"},      {"--seed", "-1"},
      {"--seed", "x"},         {"--format", "xml"},  {"--replications"},
      {"--set", "seed"},       {"--set", "/seed=x"}, {"--trace"},
      {"--replicatons", "2"},  {"second.json"}};
  for (const std::vector<std::string>& arguments : wrong) {
    std::vector<std::string> whole = {"run", kScenario};
    whole.insert(whole.end(), arguments.begin(), arguments.end());
    const Finished finished = run_rehearse(whole);
    INFO(arguments.front() << ": " << finished.err);
    CHECK(finished.status == 2);
    CHECK(finished.out.empty());
    CHECK(std::count(finished.err.begin(), finished.err.end(), '\n') == 1);
  }
  for (const char* command : {"run", "sweep", "explore"}) {
    std::vector<std::string> words = {command, kScenario, "--seed", "-1"};
    if (words[0] == "sweep") words.insert(words.end(), {"--vary", "/quiesce=1s,2s"});
    if (words[0] == "explore") words.insert(words.end(), {"--method", "random"});
    CHECK_THAT(run_rehearse(words).err,
               Catch::StartsWith("rehearse: --seed: found -1; a whole number from 0 is allowed"));
  }
  CHECK_THAT(run_rehearse({"run", kScenario, "--seed", "{"}).err,
             Catch::StartsWith("rehearse: --seed: "));
  CHECK_THAT(run_rehearse({"run", kScenario, "--replicatons", "2"}).err,
             Catch::Contains("did you mean --replications?"));
  CHECK_THAT(run_rehearse({"run"}).err, Catch::Contains("SCENARIO is required"));
}

TEST_CASE("an output folder that cannot be written is refused before the run") {
  const TemporaryFolder folder;
  write_file(folder.path() / "file", "text");
  const Finished finished =
      run_rehearse({"run", kScenario, "--out", (folder.path() / "file").string()});
  CHECK(finished.status == 2);
  CHECK_THAT(finished.err, Catch::Contains("is a file"));
  CHECK(read_file(folder.path() / "file") == "text");
}

TEST_CASE("a period of reconciliation that a budget cannot serve is a note and no error") {
  const std::vector<std::string> settings = {
      "--set", "/mds/reconciliation/every=5m", "--set",
      R"(/mds/hydration/budgets={"datasets": {"rate": "1/m"}})"};
  for (const std::string command : {"run", "validate"}) {
    const Finished finished = run_rehearse(with({command, "tests/app/valid.json"}, settings));
    INFO(finished.err);
    CHECK(finished.status == 0);
    CHECK_THAT(finished.err, Catch::Contains("note: ") &&
                                 Catch::Contains("/mds/reconciliation/every: a round of "
                                                 "reconciliation is not done within 5 min; "
                                                 "datasets: 10 entities take 10 min or more"));
    const Finished total = run_rehearse(
        with({command, "tests/app/valid.json"}, {"--set", "/mds/reconciliation/every=5m", "--set",
                                                 R"(/mds/hydration/total={"rate": "2/m"})"}));
    CHECK_THAT(total.err, Catch::Contains("all sources together: 15 entities take 7.5 min"));
    CHECK(run_rehearse(with({command, "tests/app/valid.json"},
                            {"--set", "/mds/reconciliation/every=10m", "--set",
                             R"(/mds/hydration/total={"rate": "2/m"})"}))
              .err.empty());
  }
}

TEST_CASE("questions about what can come to exist are accepted") {
  for (const std::string entity :
       {"aip://dataset/datasets/d1", "aip://dataset/datasets/dataset-000009",
        "aip://feature/feature-store/feature-000004"}) {
    const Finished finished = run_rehearse(
        {"validate", "tests/app/valid.json", "--set",
         R"(/questions=[{"every": "10m", "ask": "find", "entity": ")" + entity + R"("}])"});
    INFO(finished.err);
    CHECK(finished.status == 0);
  }
  const std::string growing =
      R"(/sources/datasets/changes=[{"type": "Dataset", "op": "create", "rate": "1/m", "per": "type"}])";
  CHECK(run_rehearse({"validate", "tests/app/valid.json", "--set", growing, "--set",
                      R"(/questions=[{"every": "10m", "ask": "find",
                          "entity": "aip://dataset/datasets/dataset-000077"}])"})
            .status == 0);
}

TEST_CASE("validate looks at every file and tells the broken ones") {
  const Finished good = run_rehearse({"validate", kScenario, "scenarios/no-loss.json"});
  CHECK(good.status == 0);
  CHECK(good.out == kScenario + ": valid (valid)\nscenarios/no-loss.json: valid (no-loss)\n");
  const Finished mixed = run_rehearse({"validate", "no-such.json", kScenario});
  CHECK(mixed.status == 2);
  CHECK(mixed.out == kScenario + ": valid (valid)\n");
  CHECK_THAT(mixed.err, Catch::StartsWith("rehearse: no-such.json: cannot be read"));
}
