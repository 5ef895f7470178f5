// `rehearse judge`, as a user runs it.
#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "command_line.hpp"
#include "fixtures.hpp"
#include "stats/random.hpp"

using namespace rehearse;
using namespace rehearse::test;
using Catch::Contains;
using nlohmann::json;

namespace {

const std::string kConfig = R"({
  "name": "checkout",
  "judge": {"name": "NetflixACAJudge-v1.0", "judgeConfigurations": {}},
  "metrics": [
    {"name": "latency", "groups": ["speed"], "query": {"type": "prometheus"},
     "analysisConfigurations": {"canary": {"direction": "increase", "critical": false}}},
    {"name": "errors", "groups": ["errors"],
     "analysisConfigurations": {"canary": {"direction": "increase", "nanStrategy": "replace",
                                            "critical": true, "sparse": true}}}],
  "classifier": {"groupWeights": {"speed": 50, "errors": 50},
                 "scoreThresholds": {"pass": 90, "marginal": 40}}
})";

std::string csv(double latency, double error_rate, int rows, std::uint64_t seed) {
  stats::Stream stream(seed, 0, "csv");
  std::ostringstream text;
  text << "time,\"latency\",errors\n";
  for (int i = 0; i < rows; ++i) {
    text << i << ',' << latency + 5 * stream.normal() << ',';
    if (stream.chance(error_rate)) text << 1;
    text << '\n';
  }
  return text.str();
}

/// A folder with a configuration, a baseline, a good and a bad canary.
class Canary {
 public:
  Canary() {
    write("canary.json", kConfig);
    write("baseline.csv", csv(100, 0.02, 80, 1));
    write("good.csv", csv(100, 0.02, 60, 2));
    write("slow.csv", csv(130, 0.02, 60, 3));
    write("broken.csv", csv(100, 0.5, 60, 4));
  }

  void write(const std::string& name, const std::string& text) {
    write_file(folder_.path() / name, text);
  }
  Finished judge(const std::string& canary, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {"judge",        "canary.json", "--baseline",
                                          "baseline.csv", "--canary",    canary};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }
  Finished run(const std::vector<std::string>& arguments) const {
    return run_rehearse(arguments, folder_.path());
  }
  std::string read(const std::string& name) const { return read_file(folder_.path() / name); }

 private:
  TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("judge passes a good canary with status 0 and fails a bad one with status 1") {
  const Canary canary;
  const Finished good = canary.judge("good.csv", {"--format", "json"});
  REQUIRE(good.status == 0);
  const json passed = json::parse(good.out);
  REQUIRE(passed["verdict"] == "pass");
  REQUIRE(passed["score"] == 100);
  const Finished slow = canary.judge("slow.csv", {"--format", "json"});
  REQUIRE(slow.status == 1);
  const json marginal = json::parse(slow.out);
  REQUIRE(marginal["verdict"] == "marginal");
  REQUIRE(marginal["groups"]["speed"] == 0);
  const json& latency = marginal["metrics"][0];
  REQUIRE(latency["name"] == "latency");
  REQUIRE(latency["classification"] == "High");
  REQUIRE(latency["shift"].get<double>() == Approx(30).margin(5));
  REQUIRE(latency["interval"].size() == 2);
  REQUIRE(latency["effect_size"].get<double>() == Approx(1.3).margin(0.05));
  const json failed = json::parse(canary.judge("broken.csv", {"--format", "json"}).out);
  REQUIRE(failed["verdict"] == "fail");
  REQUIRE(failed["metrics"][0]["name"] == "errors");  // the most severe first
  REQUIRE(failed["metrics"][0]["critical"] == true);
}

TEST_CASE("judge's text names every metric, its reason and the verdict") {
  const Finished slow = Canary().judge("slow.csv");
  REQUIRE_THAT(slow.out, Contains("latency") && Contains("High") &&
                             Contains("significantly higher") && Contains("score 50: marginal"));
}

TEST_CASE("judge without data says so and never passes on it") {
  Canary canary;
  canary.write("empty.csv", "latency,errors\n");
  canary.write("gone.csv", "latency,errors\nNaN,\n,NA\nnull,\n");
  for (const char* file : {"empty.csv", "gone.csv"}) {
    const Finished result = canary.judge(file, {"--format", "json"});
    REQUIRE(result.status == 1);
    const json verdict = json::parse(result.out);
    REQUIRE(verdict["metrics"][0]["classification"] == "Nodata");
    REQUIRE(verdict["metrics"][0]["p_value"].is_null());
  }
}

TEST_CASE("judge's data that is no JSON is refused with its place") {
  Canary canary;
  const auto error_of = [&canary](const std::string& text) {
    canary.write("pairs.json", text);
    const Finished result = canary.run({"judge", "canary.json", "--data", "pairs.json"});
    REQUIRE(result.status == 2);
    return result.err;
  };
  REQUIRE_THAT(error_of(""), Contains("pairs.json: is empty; JSON is needed"));
  REQUIRE_THAT(error_of("\n \n"), Contains("is empty"));
  REQUIRE_THAT(error_of("x"), Contains("pairs.json:1:1: "));
  REQUIRE_THAT(error_of("{\n  \"a\": x}"), Contains("pairs.json:2:8: "));
  REQUIRE_THAT(error_of("{\"a\":"), Contains("pairs.json:1:6: "));
}

TEST_CASE("judge's errors name file, line and column") {
  Canary canary;
  canary.write("text.csv", "latency,errors\n1,2\n3,many\n");
  REQUIRE(canary.judge("text.csv").status == 2);
  REQUIRE_THAT(canary.judge("text.csv").err, Contains("text.csv:3:2") && Contains("many"));
  canary.write("ragged.csv", "latency,errors\n1,2\n3\n");
  REQUIRE(canary.judge("ragged.csv").status == 2);
  REQUIRE_THAT(canary.judge("ragged.csv").err, Contains("ragged.csv:3"));
  canary.write("other.csv", "latenzy,errors\n1,2\n");
  const Finished unknown =
      canary.run({"judge", "canary.json", "--baseline", "other.csv", "--canary", "other.csv"});
  REQUIRE(unknown.status == 2);
  REQUIRE_THAT(unknown.err, Contains("canary.json") && Contains("did you mean \"latenzy\""));
  REQUIRE(canary.judge("missing.csv").status == 2);
  canary.write("canary.json", R"({"metrics":[{"name":"latency","analysisConfigurations":
      {"canary":{"mustHaveDta":true}}}]})");
  REQUIRE_THAT(canary.judge("good.csv").err, Contains("canary.json:2") && Contains("mustHaveData"));
}

TEST_CASE("judge's second opinions are asked for on the command line too") {
  Canary canary;
  std::ostringstream wild;
  wild << "latency,errors\n";
  for (int i = 0; i < 60; ++i) wild << (i % 2 == 0 ? 60 : 140) << ",\n";
  canary.write("wild.csv", wild.str());
  REQUIRE(canary.judge("wild.csv").status == 0);
  REQUIRE(canary.judge("wild.csv", {"--distribution"}).status == 1);
  REQUIRE_THAT(canary.judge("good.csv", {"--sparse", "error"}).err, Contains("errors"));
}

TEST_CASE("judge --lint warns and says where") {
  const Canary canary;
  const Finished lint = canary.run({"judge", "canary.json", "--lint", "--format", "json"});
  REQUIRE(lint.status == 1);
  REQUIRE(json::parse(lint.out)["warnings"][0]["code"] == "nodata-scores-100");
}

TEST_CASE("judge --power says how often a bad canary would pass, the same each time") {
  const Canary canary;
  const std::vector<std::string> arguments = {
      "judge", "canary.json", "--baseline", "baseline.csv", "--power", "--points",
      "40",    "--traffic",   "1",          "--trials",     "20",      "--regressions",
      "0,0.5", "--format",    "json",       "--plot",       "oc.svg"};
  const Finished first = canary.run(arguments);
  REQUIRE(first.status == 0);
  const json table = json::parse(first.out)["power"];
  REQUIRE(table.size() == 2);
  REQUIRE(table[0]["pass"].get<double>() > 0.7);
  REQUIRE(table[1]["pass"].get<double>() == 0);
  REQUIRE_THAT(canary.read("oc.svg"), Contains("<svg"));
  REQUIRE(canary.run(arguments).out == first.out);
}

TEST_CASE("judge says which file lacks a metric's column") {
  Canary canary;
  canary.write("slip.csv", "latenzy,errors\n1,0\n2,0\n");
  const Finished result = canary.judge("slip.csv", {"--format", "json"});
  REQUIRE(result.status == 1);
  REQUIRE(json::parse(result.out)["metrics"][0]["classification"] == "Nodata");
  REQUIRE_THAT(result.err, Contains("slip.csv has no column \"latency\"") && Contains("latenzy"));
}

TEST_CASE(
    "judge says inconclusive where a metric's data are missing, and Kayenta's word if asked") {
  Canary canary;
  canary.write("slip.csv", "latency,error\n100,0\n101,0\n99,0\n102,0\n100,0\n101,1\n98,0\n");
  const Finished result = canary.judge("slip.csv");
  REQUIRE(result.status == 1);
  REQUIRE_THAT(result.out, Contains("inconclusive") && Contains("errors: Nodata"));
  REQUIRE_THAT(result.err, Contains("did you mean \"error\"?"));
  const json kayenta = json::parse(canary.judge("slip.csv", {"--kayenta", "--format", "json"}).out);
  REQUIRE(kayenta["verdict"] == "pass");  // nanStrategy replace passes a side without data
}

TEST_CASE("judge holds a canary to fixed limits beside the comparison") {
  const Canary canary;
  REQUIRE(canary.judge("good.csv", {"--limit", "latency>200"}).status == 0);
  const Finished limited = canary.judge("good.csv", {"--limit", "latency>100"});
  REQUIRE(limited.status == 1);
  REQUIRE_THAT(limited.out, Contains("canary values are above the limit 100"));
  REQUIRE(canary.judge("good.csv", {"--limit", "latency"}).status == 2);
  REQUIRE_THAT(canary.judge("good.csv", {"--limit", "latenzy>1"}).err, Contains("\"latency\""));
}

TEST_CASE("judge leaves JUnit and Markdown for others to read") {
  const Canary canary;
  const Finished slow = canary.judge("slow.csv", {"--junit", "out.xml", "--markdown", "out.md"});
  REQUIRE(slow.status == 1);
  REQUIRE_THAT(canary.read("out.xml"), Contains("<testsuite name=\"canary\" tests=\"3\"") &&
                                           Contains("name=\"latency\">") &&
                                           Contains("<failure message=\"High"));
  REQUIRE_THAT(canary.read("out.md"), Contains("## canary") && Contains("| latency | **fail** |"));
}

TEST_CASE("judge reads grouped CSV, a Prometheus range, metric sets and YAML alike") {
  Canary canary;
  canary.write("canary.yaml",
               "metrics:\n- name: errors\n  groups: [g]\n  analysisConfigurations:\n"
               "    canary: {direction: increase}\nclassifier:\n  groupWeights: {g: 100}\n");
  std::ostringstream wide, grouped, range, sets;
  wide << "errors\n";
  grouped << "time,metric,tags,value\n";
  range << R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[)";
  std::string control, experiment;
  for (int i = 0; i < 12; ++i) {
    const int before = 10 + i % 3, now = 30 + i % 4;
    wide << now << "\n";
    grouped << 1714564800 + 60 * i << ",errors,pod=b," << now << "\n";
    range << (i == 0 ? "" : ",") << "[" << 1714564800 + 60 * i << ",\"" << now << "\"]";
    control += (i == 0 ? "" : ",") + std::to_string(before);
    experiment += (i == 0 ? "" : ",") + std::to_string(now);
  }
  range << "]}]}}";
  canary.write("base.csv", "errors\n10\n11\n12\n10\n11\n12\n10\n11\n12\n10\n11\n12\n");
  canary.write("wide.csv", wide.str());
  canary.write("grouped.csv", grouped.str());
  canary.write("range.json", range.str());
  canary.write("sets.json", R"([{"name":"errors","id":"1","tags":{},"values":{"control":[)" +
                                control + R"(],"experiment":[)" + experiment + "]}}]");
  const auto judged = [&](const std::vector<std::string>& data) {
    return json::parse(canary.run(with({"judge", "canary.yaml", "--format", "json"}, data)).out);
  };
  const json expected = judged({"--baseline", "base.csv", "--canary", "wide.csv"});
  REQUIRE(expected["verdict"] == "fail");
  REQUIRE(judged({"--baseline", "base.csv", "--canary", "grouped.csv"}) == expected);
  REQUIRE(judged({"--baseline", "base.csv", "--canary", "range.json"}) == expected);
  REQUIRE(judged({"--baseline", "base.csv", "--canary", "errors=range.json"}) == expected);
  REQUIRE(judged({"--data", "sets.json"}) == expected);
  REQUIRE(canary.run({"judge", "canary.yaml", "--baseline", "base.csv", "--canary", "sets.json"})
              .status == 2);
}

TEST_CASE("judge fills up no file that is shorter than another of its side") {
  Canary files;
  files.write("latency.csv", "v\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n");
  files.write("errors.csv", "v\n1\n2\n1\n2\n1\n2\n1\n2\n");
  const Finished judged =
      files.run({"judge", "canary.json", "--baseline", "latency=latency.csv", "--baseline",
                 "errors=errors.csv", "--canary", "latency=latency.csv", "--canary",
                 "errors=errors.csv", "--format", "json"});
  const json metrics = json::parse(judged.out)["metrics"];
  REQUIRE(metrics.size() == 2);
  for (const json& metric : metrics) {
    REQUIRE(metric["baseline_points"] == (metric["name"] == "errors" ? 8 : 12));
    REQUIRE(metric["baseline"]["missing"] == 0);
  }
}

TEST_CASE("judge --power needs values in the baseline") {
  Canary canary;
  canary.write("gone.csv", "latency,errors\nNaN,\n,NA\n");
  const Finished result =
      canary.run({"judge", "canary.json", "--baseline", "gone.csv", "--power", "--trials", "5"});
  REQUIRE(result.status == 2);
  REQUIRE_THAT(result.err, Contains("no metric has baseline data"));
}
