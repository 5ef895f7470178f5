// `rehearse drift`, as a user runs it.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "command_line.hpp"
#include "fixtures.hpp"

using namespace rehearse;
using namespace rehearse::test;
using Catch::Contains;
using nlohmann::json;

namespace {

class Files {
 public:
  std::string write(const std::string& name, const std::string& text) {
    write_file(folder_.path() / name, text);
    return name;
  }
  Finished drift(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "drift");
    return run_rehearse(arguments, folder_.path());
  }
  json drift_json(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--format", "json"});
    const Finished finished = drift(arguments);
    REQUIRE(finished.status == 0);
    return json::parse(finished.out);
  }
  std::string read(const std::string& name) const { return read_file(folder_.path() / name); }

 private:
  TemporaryFolder folder_;
};

std::string table(int from, int to, const std::string& label) {
  std::ostringstream text;
  text << "x,\"country, code\"\n";
  for (int i = from; i < to; ++i) text << i << ",\"" << (i % 2 == 0 ? label : "se") << "\"\n";
  return text.str();
}

}  // namespace

TEST_CASE("drift compares every column that both files have, by its kind") {
  Files files;
  files.write("a.csv", table(0, 100, "no"));
  files.write("b.csv", table(50, 150, "no"));
  const json columns = files.drift_json({"a.csv", "b.csv"})["columns"];
  REQUIRE(columns.size() == 2);
  REQUIRE(columns["x"]["wasserstein"] == 50);
  REQUIRE(columns["x"]["ks"]["statistic"] == 0.5);
  REQUIRE(columns["x"]["chi2"].is_null());
  REQUIRE(columns["country, code"]["psi"] == 0);
  REQUIRE(columns["country, code"]["chi2"]["p_value"] == 1);
  REQUIRE(columns["country, code"]["ks"].is_null());
}

TEST_CASE("drift prints a readable report") {
  Files files;
  files.write("a.csv", table(0, 100, "no"));
  files.write("b.csv", table(50, 150, "dk"));
  const Finished report = files.drift({"a.csv", "b.csv"});
  REQUIRE(report.status == 0);
  REQUIRE_THAT(report.out, Contains("wasserstein") && Contains("large drift"));
}

TEST_CASE("drift shows only the methods asked for") {
  Files files;
  files.write("a.csv", table(0, 100, "no"));
  const json columns =
      files.drift_json({"a.csv", "a.csv", "--column", "x", "--method", "psi,js"})["columns"];
  REQUIRE(columns.size() == 1);
  REQUIRE(columns["x"]["psi"] == 0);
  REQUIRE(columns["x"]["js"] == 0);
  REQUIRE_FALSE(columns["x"].contains("ks"));
  REQUIRE_THAT(files.drift({"a.csv", "a.csv", "--method", "pis"}).err,
               Contains("did you mean psi"));
}

TEST_CASE("drift counts a column's labels where it is told so") {
  Files files;
  files.write("a.csv", "status\n200\n200\n500\n200\n");
  files.write("b.csv", "status\n500\n500\n200\n200\n");
  const json column = files.drift_json({"a.csv", "b.csv", "--categorical", "status", "--method",
                                        "tvd,chi2,chi2-fixed"})["columns"]["status"];
  REQUIRE(column["kind"] == "categorical");
  REQUIRE(column["tvd"] == 0.25);
  REQUIRE(column["chi2"]["statistic"].get<double>() == Approx(8.0 / 15));
  REQUIRE(column["chi2"]["test"] == "exact");
  REQUIRE(column["chi2"]["p_value"].get<double>() == Approx(1));
  REQUIRE(column["chi2-fixed"]["statistic"].get<double>() == Approx(1.0 / 3 + 1));
}

TEST_CASE("drift has no distances without values, and never NaN") {
  Files files;
  files.write("a.csv", "x,y\n1,\n2,NA\n");
  files.write("empty.csv", "x,y\n");
  files.write("constant.csv", "x,y\n3,3\n3,3\n");
  const json empty = files.drift_json({"a.csv", "empty.csv"})["columns"];
  REQUIRE(empty["x"]["psi"].is_null());
  REQUIRE(empty["y"]["ks"].is_null());
  const json constant = files.drift_json({"constant.csv", "constant.csv"})["columns"]["x"];
  REQUIRE(constant["psi"] == 0);
  REQUIRE(constant["ks"]["p_value"] == 1);
}

TEST_CASE("drift's errors name file, line and column") {
  Files files;
  files.write("a.csv", "x\n1\n2\n");
  files.write("text.csv", "x\n1\ntwo\n");
  const Finished text = files.drift({"a.csv", "text.csv"});
  REQUIRE(text.status == 2);
  REQUIRE_THAT(text.err, Contains("text.csv:3:1") && Contains("--categorical"));
  REQUIRE(files.drift({"a.csv"}).status == 2);
  REQUIRE(files.drift({"a.csv", "a.csv", "--column", "z"}).status == 2);
  files.write("other.csv", "y\n1\n");
  REQUIRE_THAT(files.drift({"a.csv", "other.csv"}).err, Contains("no column in common"));
}

TEST_CASE("drift watches a stream and prints where it changes") {
  Files files;
  std::ostringstream text;
  text << "load\n";
  for (int i = 0; i < 600; ++i) text << (i % 5) + (i < 300 ? 0 : 20) << "\n";
  files.write("load.csv", text.str());
  const json result = files.drift_json({"--stream", "load.csv", "--column", "load", "--detector",
                                        "cusum", "--param", "threshold=6", "--param", "mode=up"});
  REQUIRE(result["detector"] == "cusum");
  REQUIRE(result["drifts"] == json{300});
  REQUIRE(result["warnings"].empty());
  REQUIRE_THAT(files.drift({"--stream", "load.csv", "--column", "load", "--detector", "adwim"}).err,
               Contains("did you mean adwin"));
  REQUIRE_THAT(files.drift({"--stream", "load.csv", "--column", "load", "--param", "delta"}).err,
               Contains("NAME=VALUE"));
  REQUIRE(files.drift({"--stream", "load.csv"}).status == 2);
}

TEST_CASE("drift gives the reference indices on real data") {
  const auto path = real_data_path("elec.csv");
  const Finished finished = run_rehearse(
      {"drift", "--stream", path.string(), "--column", "nswprice", "--format", "json"});
  const json result = json::parse(finished.out);
  REQUIRE(result["drifts"] ==
          json({767, 1439, 3935, 8479, 14879, 19551, 27359, 35615, 37247, 43263}));
}

TEST_CASE("drift does not take chance among few values for drift") {
  Files files;
  std::string few = "x\n", many = "x\n";
  for (int i = 0; i < 1000; ++i) many += std::to_string(i) + "\n";
  int tenth = 0;  // 50 values over the tenths of what the 1000 cover; chi-square 14 on 9 degrees
  for (const int count : {10, 2, 5, 3, 8, 4, 5, 2, 8, 3}) {
    for (int i = 0; i < count; ++i) few += std::to_string(100 * tenth + 40 + i) + "\n";
    ++tenth;
  }
  files.write("few.csv", few);
  files.write("many.csv", many);
  const Finished report = files.drift({"many.csv", "few.csv"});
  REQUIRE(files.drift_json({"many.csv", "few.csv"})["columns"]["x"]["psi"].get<double>() > 0.2);
  REQUIRE_THAT(report.out, Contains("no more than chance"));
}

TEST_CASE("drift has no distance between values that are further apart than a number can be") {
  Files files;
  files.write("wide.csv", "x\n1e308\n-1e308\n1e308\n");
  const json x = files.drift_json({"wide.csv", "wide.csv"})["columns"]["x"];
  REQUIRE(x["wasserstein"].is_null());
  REQUIRE(x["ks"]["p_value"] == 1);
}

TEST_CASE("detectors of errors refuse what is no error") {
  Files files;
  files.write("load.csv", "load\n0\n1\n17.5\n");
  for (const char* detector : {"ddm", "eddm", "hddm-a"}) {
    const Finished refused =
        files.drift({"--stream", "load.csv", "--column", "load", "--detector", detector});
    REQUIRE(refused.status == 2);
    REQUIRE_THAT(refused.err, Contains("load.csv:4:1") && Contains("17.5"));
  }
  REQUIRE(files.drift({"load.csv", "--stream", "load.csv", "--column", "load"}).status == 2);
}

TEST_CASE("drift is a gate where rules are given") {
  Files files;
  files.write("a.csv", table(0, 100, "no"));
  files.write("b.csv", table(50, 150, "no"));
  REQUIRE(files.drift({"a.csv", "b.csv", "--fail-on", "psi>0.2,missing>5%"}).status == 1);
  REQUIRE(files.drift({"a.csv", "a.csv", "--fail-on", "psi>0.2,missing>5%"}).status == 0);
  REQUIRE(files.drift({"a.csv", "b.csv", "--fail-on", "psi>0.2", "--exclude", "x"}).status == 0);
  REQUIRE(files.drift({"a.csv", "b.csv", "--fail-on", "drift"}).status == 1);
  REQUIRE_THAT(files.drift({"a.csv", "b.csv", "--fail-on", "pis>0.2"}).err,
               Contains("did you mean psi"));
  REQUIRE(files.drift({"a.csv", "b.csv", "--fail-on", "psi>many"}).status == 2);
  REQUIRE_THAT(files.drift({"a.csv", "b.csv", "--column", "x", "--fail-on", "chi2-p<0.01"}).err,
               Contains("could never fail"));
}

TEST_CASE("drift takes its rules from a policy file too, and monitor policies") {
  Files files;
  files.write("a.csv", table(0, 100, "no"));
  files.write("b.csv", table(50, 150, "no"));
  files.write("policy.yaml",
              "fail_on: [psi>0.2]\ncolumns:\n  x: [wasserstein>60]\nexclude: ['country, code']\n");
  REQUIRE(files.drift({"a.csv", "b.csv", "--policy", "policy.yaml"}).status == 0);
  files.write("strict.json", R"({"columns": {"x": ["wasserstein>40"]}})");
  const Finished strict = files.drift({"a.csv", "b.csv", "--policy", "strict.json"});
  REQUIRE(strict.status == 1);
  REQUIRE_THAT(strict.out, Contains("gate: fail, 1 rule broken") && Contains("wasserstein is 50"));
  files.write("monitor.json", R"({"policies": [{"name": "p", "model": "m", "drift": "data",
    "signal": "x", "every": "1d", "conditions": [{"measure": "psi", "above": 0.2}],
    "responses": [{"action": "alert"}]}]})");
  REQUIRE(files.drift({"a.csv", "b.csv", "--policy", "monitor.json"}).status == 1);
  files.write("other.json", R"({"columns": {"z": ["psi>1"]}})");
  REQUIRE_THAT(files.drift({"a.csv", "b.csv", "--policy", "other.json"}).err,
               Contains("\"z\", which is not compared"));
}

TEST_CASE("drift leaves JUnit and Markdown for others to read") {
  Files files;
  files.write("a.csv", table(0, 100, "no"));
  files.write("b.csv", table(50, 150, "no"));
  const Finished finished = files.drift(
      {"a.csv", "b.csv", "--fail-on", "psi>0.2", "--junit", "out.xml", "--markdown", "out.md"});
  REQUIRE(finished.status == 1);
  REQUIRE_THAT(files.read("out.xml"),
               Contains("tests=\"2\" failures=\"1\"") && Contains("psi&gt;0.2"));
  REQUIRE_THAT(files.read("out.md"), Contains("| x | **fail** |"));
}

TEST_CASE("drift shows histograms of both sides") {
  Files files;
  files.write("a.csv", "x,y\n0,a\n0,b\n0,a\n0,a\n0,a\n1,a\n1,a\n1,b\n1,a\n1,a\n");
  files.write("b.csv", "x,y\n0,c\n1,a\n2,a\n");
  const json columns = files.drift_json({"a.csv", "b.csv"})["columns"];
  REQUIRE(
      columns["x"]["histogram"] ==
      json::parse(R"([{"value":0,"reference":5,"current":1},{"value":1,"reference":5,"current":1},
                          {"above":1,"up_to":"+Inf","reference":0,"current":1}])"));
  REQUIRE(columns["y"]["histogram"][2] ==
          json::parse(R"({"label":"c","reference":0,"current":1})"));
  REQUIRE(columns["y"]["new_values"] == 1);
}

TEST_CASE("drift takes a column that changed its kind for drift") {
  Files files;
  files.write("a.csv", "x\n1\n2\n3\n");
  files.write("b.csv", "x\nlow\nhigh\nlow\n");
  const json x = files.drift_json({"a.csv", "b.csv"})["columns"]["x"];
  REQUIRE(x["severity"] == "large");
  REQUIRE_THAT(x["reading"].get<std::string>(), Contains("numbers on one side"));
}

TEST_CASE("drift does not take decimal commas for labels") {
  Files files;
  files.write("a.csv", "x;y\n1,5;2\n2,5;3\n");
  const Finished refused = files.drift({"a.csv", "a.csv"});
  REQUIRE(refused.status == 2);
  REQUIRE_THAT(refused.err, Contains("--decimal ,") && Contains("a.csv:2:1"));
  const json x = files.drift_json({"a.csv", "a.csv", "--decimal", ","})["columns"]["x"];
  REQUIRE(x["kind"] == "numeric");
}
