// `rehearse run --trace` and `rehearse explain`: small runs in which one thing goes wrong, and the
// sentence that names it.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>

#include "base/text/utf8.hpp"
#include "command_line.hpp"
#include "fixtures.hpp"

using nlohmann::json;
using rehearse::test::Finished;
using rehearse::test::read_file;
using rehearse::test::run_rehearse;
using rehearse::test::TemporaryFolder;
using rehearse::test::write_file;
namespace fs = std::filesystem;

namespace {

const std::string kUri = "aip://dataset/datasets/d1";

/// A dataset that is created at 1 s and changed at 599 s and 600 s, for an hour.
json one_dataset() {
  return json::parse(R"({"name": "one-dataset", "duration": "1h", "sources": {"datasets": {
    "script": [
      {"at": "1s", "op": "create", "type": "Dataset", "id": "d1"},
      {"at": "599s", "op": "update", "type": "Dataset", "id": "d1", "fields": {"description": "a"}},
      {"at": "600s", "op": "update", "type": "Dataset", "id": "d1", "fields": {"description": "b"}}],
    "api": {"service_time": {"constant": "100ms"}}}}})");
}

json fault(const std::string& at, const std::string& lasting, const std::string& target,
           const std::string& kind) {
  return {{"at", at}, {"for", lasting}, {"target", target}, {"kind", kind}};
}

/// A traced run in a folder of its own.
struct Traced {
  TemporaryFolder folder;
  fs::path out = folder.path() / "out";

  explicit Traced(const json& scenario) {
    write_file(folder.path() / "scenario.json", scenario.dump());
    const Finished run = run_rehearse(
        {"run", (folder.path() / "scenario.json").string(), "--out", out.string(), "--trace"});
    INFO(run.err);
    REQUIRE(run.status == 0);
  }

  Finished explain(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"explain", out.string()});
    return run_rehearse(arguments);
  }

  json explained(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--format", "json"});
    const Finished finished = explain(arguments);
    INFO(finished.err);
    REQUIRE(finished.status == 0);
    return json::parse(finished.out);
  }

  json divergences() const {
    return json::parse(read_file(out / "summary.json")).at("divergences");
  }
};

/// The summary and the explanation at the end name this cause, and the sentence says it.
void check_cause(const json& scenario, const std::string& kind, const std::string& reason,
                 const std::string& since) {
  const Traced traced(scenario);
  const json divergences = traced.divergences();
  REQUIRE(divergences.size() == 1);
  CHECK(divergences[0].at("entity") == kUri);
  const json explained = traced.explained({kUri});
  CHECK(explained.at("state") == "stale");
  CHECK(explained.at("cause") == kind + ": " + reason);
  CHECK(explained.at("cause") == divergences[0].at("cause"));
  CHECK(explained.at("since") == divergences[0].at("since"));
  CHECK(explained.at("sentence") ==
        "stale since " + since + ": " + reason +
            "; no later event or reconciliation touched it before 01:00:00.");
}

}  // namespace

TEST_CASE("a dropped last event is named as the cause") {
  json scenario = one_dataset();
  json lost = fault("599500ms", "1m", "bus", "outage");
  lost["events"] = "lost";
  scenario["faults"] = {lost};
  check_cause(scenario, "lost event", "event 3 for version 3 was dropped", "00:10:00");
}

TEST_CASE("a hydration given up during an outage is named as the cause") {
  json scenario = one_dataset();
  scenario["faults"] = {fault("599500ms", "50m", "source:datasets", "outage")};
  check_cause(scenario, "gave up",
              "hydration after event 3 for version 3 failed for good: no answer", "00:10:00");
}

TEST_CASE("an older answer that overwrites a newer one is named as the cause") {
  json scenario = one_dataset();
  json slow = fault("598s", "1500ms", "source:datasets", "slow");
  slow["factor"] = 15;
  scenario["faults"] = {slow};
  scenario["mds"] = {{"hydration", {{"coalescing", "unguarded"}}}};
  check_cause(scenario, "raced response",
              "call 2, sent at 00:09:59 and answered last, overwrote version 3 with the older "
              "version 2 at 00:10:00.5",
              "00:10:00.5");
}

TEST_CASE("an event answered from a cache that is too old is named as the cause") {
  json scenario = one_dataset();
  scenario["mds"] = {{"hydration", {{"cache_ttl", "10s"}}}};
  check_cause(scenario, "stale cache",
              "event 3 for version 3 was answered from the response cache, with an answer that was "
              "1 s old",
              "00:10:00");
}

TEST_CASE("a source that was silent is named as the cause") {
  json scenario = one_dataset();
  scenario["faults"] = {fault("9m", "10m", "source:datasets", "silent")};
  check_cause(scenario, "silent source", "no event announced version 3", "00:09:59");
}

TEST_CASE("a listing that lost the page of what nobody announced is named as the cause") {
  json scenario = one_dataset();
  json partial = fault("9m", "3m", "source:datasets", "partial-listing");
  partial["probability"] = 1;
  scenario["faults"] = {fault("0s", "30m", "source:datasets", "silent"), partial};
  scenario["mds"] = {{"reconciliation", {{"every", "10m"}}}};
  const Traced traced(scenario);
  CHECK(traced.divergences().empty());  // the next listing is whole
  const json told = traced.explained({kUri, "--at", "19m"});
  CHECK(told.at("cause") ==
        "partial listing: no event announced version 3, and the listing did not hold it: its page "
        "(call 3 at 00:10:00) was answered without items");
  CHECK(told.at("story").dump().find("the listing's page that holds it comes without items") !=
        std::string::npos);
}

TEST_CASE("a time before, during and after a staleness gives another sentence each") {
  json scenario = one_dataset();
  scenario["faults"] = {fault("599500ms", "10s", "source:datasets", "outage")};
  scenario["mds"] = {{"hydration", {{"retry", {{"attempts", 20}}}}}};
  const Traced traced(scenario);
  CHECK(traced.divergences().empty());
  CHECK(traced.explained({kUri, "--at", "500ms"}).at("sentence") ==
        "not there yet at 00:00:00.5: it first appears at 00:00:01.");
  CHECK(traced.explained({kUri, "--at", "00:05"}).at("state") == "fresh");
  const json during = traced.explained({kUri, "--at", "00:10:00.01"});
  CHECK(during.at("state") == "stale");
  CHECK_THAT(
      during.at("sentence").get<std::string>(),
      Catch::StartsWith("stale since 00:10:00: ") && Catch::Contains("event 3 for version 3"));
  for (const json& line : during.at("story")) CHECK(line.at("at") <= 600.01);
  const json after = traced.explained({kUri, "--at", "1h"});
  CHECK_THAT(after.at("sentence").get<std::string>(),
             Catch::StartsWith("fresh at 01:00:00: the graph shows the newest version, 3, since"));
}

TEST_CASE("what never changed was never stale") {
  json scenario = one_dataset();
  scenario["sources"]["datasets"]["entities"] = {{{"type", "Dataset"}, {"count", 1}}};
  const Traced traced(scenario);
  std::ifstream trace(traced.out / "trace.jsonl");
  std::string uri;
  for (std::string line; uri.empty() && std::getline(trace, line);) {
    const json record = json::parse(line);
    if (record.value("kind", "") == "truth") uri = record.at("uri");
  }
  CHECK_THAT(traced.explained({uri}).at("sentence").get<std::string>(),
             Catch::EndsWith("it was never stale."));
}

TEST_CASE("the story is told in order of time, in 80 columns, and ends with the sentence") {
  json scenario = one_dataset();
  scenario["faults"] = {fault("599500ms", "50m", "source:datasets", "outage")};
  const Traced traced(scenario);
  const json explained = traced.explained({kUri});
  double last = 0;
  for (const json& line : explained.at("story")) {
    CHECK(last <= line.at("at").get<double>());
    last = line.at("at").get<double>();
  }
  const std::string text = traced.explain({kUri}).out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    INFO(line);
    CHECK(rehearse::count_code_points(line) <= 80);
  }
  CHECK_THAT(text, Catch::Contains("update makes version 3 (change 3)"));
  CHECK_THAT(text, Catch::Contains("event 3 was delivered to the service"));
  std::string ending = text.substr(text.rfind("\n\n") + 2);
  std::replace(ending.begin(), ending.end(), '\n', ' ');
  CHECK(ending == explained.at("sentence").get<std::string>() + " ");
}

TEST_CASE("a derived edge is explained from either end") {
  const TemporaryFolder folder;
  const std::string out = (folder.path() / "out").string();
  REQUIRE(run_rehearse({"run", "scenarios/ranking-worked-example.json", "--out", out, "--trace"})
              .status == 0);
  std::ifstream trace(folder.path() / "out/trace.jsonl");
  json edge;
  for (std::string line; edge.is_null() && std::getline(trace, line);) {
    const json record = json::parse(line);
    if (record.contains("begun")) edge = record.at("begun")[0];
  }
  REQUIRE_FALSE(edge.is_null());
  REQUIRE(edge.at("relation") == "associatedAbTest");
  const Finished there =
      run_rehearse({"explain", out, edge.at("from"), "associatedAbTest", edge.at("to")});
  INFO(there.err);
  CHECK(there.status == 0);
  CHECK_THAT(there.out, Catch::Contains("the edge begins with version"));
  CHECK_THAT(there.out, Catch::Contains("the edge is added (transaction"));
  CHECK_THAT(there.out, Catch::Contains("\nfresh at "));
  const Finished back =
      run_rehearse({"explain", out, edge.at("to"), "associatedModelInstance", edge.at("from")});
  CHECK(back.out.substr(back.out.find("\n\n")) == there.out.substr(there.out.find("\n\n")));
}

TEST_CASE("a missing edge is explained by the entity on its path that the graph lacks") {
  const Traced traced(json::parse(R"({"name": "chain", "duration": "1h", "sources": {
    "model-registry": {"script": [
      {"at": "1m", "op": "create", "type": "ModelInstance", "id": "v5",
       "refs": {"pipeline_run": ["run"]}}]},
    "pipeline-orchestrator": {"script": [
      {"at": "2m", "op": "create", "type": "PipelineRun", "id": "run",
       "refs": {"ab_test_cells": ["12:1"]}}]},
    "experimentation": {"script": [
      {"at": "3m", "op": "create", "type": "ABTest", "id": "12",
       "cells": [{"cell_number": 1, "name": "control"}]}]}},
    "faults": [{"at": "2m", "for": "10s", "target": "bus", "kind": "drop", "probability": 1}]})"));
  const json told = traced.explained(
      {"aip://model/registry/v5", "associatedAbTest", "aip://ab-test/experimentation/12"});
  CHECK(told.at("sentence") ==
        "missing since 00:03:00: aip://pipeline-run/orchestrator/run is not in the graph (the "
        "edge's path leads over it): event 2 for version 1 was dropped.");
  bool listed = false;
  for (const json& divergence : traced.divergences()) {
    listed = listed || divergence.at("cause") == told.at("cause");
  }
  CHECK(listed);
}

TEST_CASE("a trace changes no other result and is the same each time, replications included") {
  const TemporaryFolder folder;
  const auto run = [&folder](const std::string& name, const std::vector<std::string>& more) {
    fs::path out = folder.path() / name;
    std::vector<std::string> arguments = {"run", "tests/app/valid.json", "--out", out.string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    REQUIRE(run_rehearse(arguments).status == 0);
    return out;
  };
  const fs::path plain = run("plain", {});
  const fs::path first = run("first", {"--trace"});
  const fs::path second = run("second", {"--trace"});
  const fs::path many = run("many", {"--trace", "--replications", "2", "--jobs", "2"});
  CHECK_FALSE(fs::exists(plain / "trace.jsonl"));
  for (const std::string name : {"summary.json", "timeseries.csv", "graph.db"}) {
    CHECK(read_file(plain / name) == read_file(first / name));
  }
  CHECK(read_file(first / "trace.jsonl") == read_file(second / "trace.jsonl"));
  CHECK(read_file(first / "trace.jsonl") == read_file(many / "trace.jsonl"));
}

TEST_CASE("every divergence of a run with losses has the cause that explain finds") {
  json scenario = one_dataset();
  scenario["sources"]["datasets"]["entities"] = {{{"type", "Dataset"}, {"count", 20}}};
  scenario["sources"]["datasets"]["changes"] = {
      {{"type", "Dataset"}, {"op", "update"}, {"rate", "1/m"}, {"per", "type"}}};
  scenario["bus"] = {{"kind", "queue"}, {"drop", 0.3}};
  const Traced traced(scenario);
  const json divergences = traced.divergences();
  REQUIRE(divergences.size() >= 3);
  for (const json& divergence : divergences) {
    const json explained = traced.explained({divergence.at("entity").get<std::string>()});
    CHECK(explained.at("cause") == divergence.at("cause"));
    CHECK(explained.at("since") == divergence.at("since"));
  }
}

TEST_CASE("what cannot be explained is refused with one line and status 2") {
  const Traced traced(one_dataset());
  const auto refused = [&traced](const std::vector<std::string>& arguments,
                                 const std::string& words) {
    const Finished finished = traced.explain(arguments);
    INFO(finished.err);
    CHECK(finished.status == 2);
    CHECK(finished.out.empty());
    CHECK_THAT(finished.err, Catch::Contains(words));
    CHECK(std::count(finished.err.begin(), finished.err.end(), '\n') == 1);
  };
  refused({"aip://dataset/datasets/d2"}, "did you mean " + kUri + "?");
  refused({kUri, "associatedAbTest"}, "FROM RELATION TO");
  refused({kUri, "associatedAbTest", kUri}, "no derived edge");
  refused({kUri, "associatedabtest", kUri}, "did you mean associatedAbTest?");
  refused({kUri, "--at", "25 o'clock"}, "a time since the start of the run is expected");
  refused({kUri, "--at", ""}, "a time since the start of the run is expected");
  refused({kUri, "--at", "7"}, "without a unit");
  refused({kUri, "--at", "2d 01:00"}, "the run ended at 01:00:00");
  const std::string text = read_file(traced.out / "trace.jsonl");
  write_file(traced.out / "trace.jsonl", text.substr(0, text.rfind("{\"kind\":\"end\"")));
  refused({kUri}, "cut off");
  write_file(traced.out / "trace.jsonl", text.substr(0, text.size() / 2));
  refused({kUri}, "is no trace record: it is not JSON from here on");
  write_file(traced.out / "trace.jsonl", R"({"format":"rehearse-trace","version":2})");
  refused({kUri}, "has format version 2; this program reads version 1");
  fs::remove(traced.out / "trace.jsonl");
  refused({kUri}, "there is no trace; `rehearse run SCENARIO --out DIR --trace` writes one");
}

TEST_CASE("a record that is none is named with its place, without the words of a library") {
  const TemporaryFolder folder;
  const auto refused = [&folder](const std::string& second) {
    const std::string header =
        R"({"format":"rehearse-trace","version":1,"scenario":"s","seed":1,"replication":1,)"
        R"("program":"1","warmup":0,"duration":9,"end":9,"sources":[],"relations":[]})";
    write_file(folder.path() / "trace.jsonl", header + "\n" + second + "\n");
    const Finished finished = run_rehearse({"explain", folder.path().string(), kUri});
    CHECK(finished.status == 2);
    CHECK_THAT(finished.err, !Catch::Contains("json.exception") && !Catch::Contains("sto"));
    return finished.err.substr(finished.err.find("trace.jsonl"));
  };
  CHECK(refused(R"({"kind":start})") ==
        "trace.jsonl:2:9: is no trace record: it is not JSON from here on\n");
  CHECK(refused(R"({"kind":"edge","from":"a"})") ==
        "trace.jsonl:2:1: is no trace record: there is no \"relation\"\n");
  CHECK(
      refused(R"({"kind":"truth","uri":"a","type":"b","version":1,"changed_at":0,"facts":"x"})") ==
      "trace.jsonl:2:1: is no trace record: \"facts\" is no hash\n");
}

TEST_CASE("what has no story of its own is told what it is and whose story tells of it") {
  const TemporaryFolder folder;
  const std::string out = (folder.path() / "out").string();
  REQUIRE(run_rehearse({"run", "scenarios/ranking-worked-example.json", "--out", out, "--trace"})
              .status == 0);
  const auto refused = [&out](std::vector<std::string> subject, const std::string& words) {
    subject.insert(subject.begin(), {"explain", out});
    const Finished finished = run_rehearse(subject);
    CHECK(finished.status == 2);
    CHECK_THAT(finished.err, Catch::Contains(words));
  };
  refused({"aip://ab-test-cell/experimentation/12345:1"},
          "is a part of the document aip://ab-test/experimentation/12345, whose story");
  const std::string instance = "aip://model/registry/ranking-model-v5-20XX0101";
  const std::string alice = "aip://user/identity/alice";
  const std::string words = "ownedBy is a reference that " + instance + " holds, and its story is";
  refused({instance, "ownedBy", alice}, words);
  refused({alice, "ownedBy", instance}, words);
  fs::remove(fs::path(out) / "graph.db");
  refused({instance, "ownedBy", alice}, "only derived edges have a story of their own");
}

TEST_CASE("what is known by reference only is told as such, with who refers to it") {
  json scenario = one_dataset();
  scenario["sources"]["datasets"]["script"][0]["refs"] = {{"owners", {"bob"}}};
  const Traced traced(scenario);
  const Finished finished = traced.explain({"aip://user/identity/bob"});
  CHECK(finished.status == 2);
  CHECK_THAT(finished.err,
             Catch::Contains("is known by reference only (owners of " + kUri + " since 00:00:01"));
}

TEST_CASE("the example of the help names an entity of its scenario") {
  const std::string help = run_rehearse({"explain", "--help"}).out;
  CHECK_THAT(help, Catch::Contains("explain [OPTIONS] OUT FROM RELATION TO"));
  std::smatch uri;
  REQUIRE(std::regex_search(help, uri, std::regex("explain out (aip://[^ ]+) --at 03:10")));
  const TemporaryFolder folder;
  const fs::path out = folder.path() / "out";
  REQUIRE(
      run_rehearse({"run", "scenarios/loss-only.json", "--out", out.string(), "--trace"}).status ==
      0);
  const Finished told = run_rehearse({"explain", out.string(), uri[1].str(), "--at", "03:10"});
  CHECK(told.status == 0);
  CHECK_THAT(told.out, Catch::Contains("\nstale since "));
  CHECK(
      run_rehearse({"explain", (out / "trace.jsonl").string(), uri[1].str(), "--at", "190m"}).out ==
      told.out);
}

TEST_CASE("a trace needs a folder to go to") {
  const Finished finished = run_rehearse({"run", "tests/app/valid.json", "--trace"});
  CHECK(finished.status == 2);
  CHECK_THAT(finished.err, Catch::Contains("--trace: needs --out DIR"));
}
