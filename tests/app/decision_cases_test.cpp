// The faults that people's own files have shown, one by one: tests/cases/decisions holds them, with
// a README line each. What was the best value for the worst input is the right value here.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "command_line.hpp"
#include "fixtures.hpp"

using namespace rehearse::test;
using Catch::Contains;
using nlohmann::json;

namespace {

/// Runs the program in the folder of a case.
Finished run_in(const std::string& name, const std::vector<std::string>& arguments) {
  return run_rehearse(arguments, source_path("tests/cases/decisions/" + name));
}

Finished judge(const std::string& name, const std::string& config, const std::string& canary,
               const std::vector<std::string>& more = {},
               const std::string& baseline = "baseline.csv") {
  return run_in(name, with({"judge", config, "--baseline", baseline, "--canary", canary}, more));
}

json judge_json(const std::string& name, const std::string& config, const std::string& canary,
                const std::vector<std::string>& more = {},
                const std::string& baseline = "baseline.csv") {
  return json::parse(judge(name, config, canary, with({"--format", "json"}, more), baseline).out);
}

json drift_json(const std::string& name, const std::vector<std::string>& more = {},
                const std::string& reference = "reference.csv",
                const std::string& current = "current.csv") {
  return json::parse(
      run_in(name, with({"drift", reference, current, "--format", "json"}, more)).out);
}

std::size_t widest_line(const std::string& text) {
  std::istringstream lines(text);
  std::size_t widest = 0;
  for (std::string line; std::getline(lines, line);) widest = std::max(widest, line.size());
  return widest;
}

bool has_code(const json& lint, const std::string& code) {
  for (const json& warning : lint["warnings"]) {
    if (warning["code"] == code) return true;
  }
  return false;
}

json lint_json(const std::string& name, const std::string& config,
               const std::vector<std::string>& more = {}) {
  return json::parse(run_in(name, with({"judge", config, "--lint", "--format", "json"}, more)).out);
}

}  // namespace

TEST_CASE("infinite-canary: infinite errors fail a canary and are named") {
  const Finished text = judge("infinite-canary", "canary.json", "canary.csv");
  CHECK(text.status == 1);
  CHECK_THAT(text.out, Contains("canary values are +Inf"));
  for (const std::vector<std::string>& more :
       {std::vector<std::string>{}, {"--kayenta"}, {"--distribution"}}) {
    const json result = judge_json("infinite-canary", "canary.json", "canary.csv", more);
    CHECK(result["verdict"] == "fail");
    const json& metric = result["metrics"][0];
    CHECK(metric["classification"] == "High");
    CHECK(metric["critical"] == true);
    CHECK(metric["shift"] == "+Inf");
    CHECK_THAT(metric["reason"].get<std::string>(), Contains("8 of 8 canary values are +Inf"));
    CHECK(metric["canary"]["missing"] == 0);
    CHECK(metric["canary"]["above"] == 8);
  }
  const json drift = drift_json("infinite-canary", {}, "baseline.csv", "canary.csv");
  const json& column = drift["columns"]["errors_per_success"];
  CHECK(column["severity"] == "large");
  CHECK(column["current"]["infinite"] == 8);
  CHECK(column["current_count"] == 8);
  const json stream =
      json::parse(run_in("infinite-canary", {"drift", "--stream", "canary.csv", "--column",
                                             "errors_per_success", "--format", "json"})
                      .out);
  CHECK(stream["infinite"] == json({0, 1, 2, 3, 4, 5, 6, 7}));
  CHECK(stream["drifts"] == json({0}));
}

TEST_CASE("wrong-separator: the separator is found, and the verdict is that of commas") {
  const json comma = judge_json("wrong-separator", "canary.json", "comma.csv");
  const json semicolon = judge_json("wrong-separator", "canary.json", "semicolon.csv");
  CHECK(comma["verdict"] == "fail");
  CHECK(semicolon == comma);
  CHECK(judge("wrong-separator", "canary.json", "semicolon.csv").status == 1);
}

TEST_CASE("wrong-separator: a file in which no metric is found is refused with its header") {
  const Finished refused =
      judge("wrong-separator", "canary.json", "semicolon.csv", {"--separator", "comma"});
  CHECK(refused.status == 2);
  CHECK_THAT(refused.err, Contains("Time;http_5xx;p95") || Contains("no metric"));
}

TEST_CASE("drift-blind-deciles: values that decile cuts do not part are seen") {
  const json columns = drift_json("drift-blind-deciles")["columns"];
  for (const char* name : {"active", "spend", "version"}) {
    CAPTURE(name);
    CHECK(columns[name]["severity"] == "large");
    CHECK(columns[name]["psi"].get<double>() > 0.2);
  }
  const json blind = drift_json("drift-blind-deciles", {"--binning", "quantile"})["columns"];
  for (const char* name : {"active", "spend", "version"}) {
    CHECK(blind[name]["psi"] == 0);
    CHECK(blind[name]["severity"] == "large");  // by its test
  }
}

TEST_CASE("chi2-small-reference: both samples vary") {
  const json plan =
      drift_json("chi2-small-reference", {"--method", "psi,chi2,chi2-fixed"})["columns"]["plan"];
  CHECK(plan["chi2"]["p_value"].get<double>() == Approx(0.3172377));
  CHECK(plan["chi2"]["test"] == "limit");
  CHECK(plan["chi2-fixed"]["p_value"].get<double>() < 1e-20);
  CHECK(plan["severity"] == "stable");
}

TEST_CASE("many-categories: labels too rare for psi are never stable") {
  const json result = drift_json("many-categories", {"--method", "psi,tvd"});
  const json& sku = result["columns"]["sku"];
  CHECK(sku["psi"] == 0);
  CHECK(sku["tvd"].get<double>() == Approx(1));
  CHECK(sku["severity"] == "unclear");
  CHECK(sku["floored"]["current"].get<double>() == Approx(1));
  CHECK(sku["new_values"] == 12000);
  CHECK(result["severity"] == "unclear");
  const Finished gated =
      run_in("many-categories", {"drift", "reference.csv", "current.csv", "--fail-on", "psi>0.2"});
  CHECK(gated.status == 1);
  CHECK_THAT(gated.out, Contains("cannot be told"));
}

TEST_CASE("empty-reference: both counts are right and nothing is stable") {
  for (const std::vector<std::string>& more :
       {std::vector<std::string>{"--method", "psi"}, {"--method", "psi", "--categorical", "b"}}) {
    const json b = drift_json("empty-reference", more)["columns"]["b"];
    CHECK(b["reference_count"] == 0);
    CHECK(b["current_count"] == 3);
    CHECK(b["reference"]["missing"] == 3);
    CHECK(b["severity"] == "unclear");
    CHECK_THAT(b["reading"].get<std::string>(), Contains("the reference has no values"));
  }
}

TEST_CASE("missing-share: a column that goes missing has drifted") {
  const json region = drift_json("missing-share")["columns"]["region"];
  CHECK(region["severity"] == "large");
  CHECK(region["current"]["missing"] == 90);
  CHECK(region["reference"]["missing"] == 0);
  CHECK(region["missing_p_value"].get<double>() < 1e-20);
  CHECK_THAT(region["reading"].get<std::string>(), Contains("90% missing, was 0%"));
  CHECK_THAT(run_in("missing-share", {"drift", "reference.csv", "current.csv"}).out,
             Contains("missing 0 and 90 (90%)"));
}

TEST_CASE("critical-that-cannot-fail: limits that never bind are named and void a pass") {
  const json lint = lint_json("critical-that-cannot-fail", "canary.json");
  CHECK(has_code(lint, "limit-never-binds"));
  CHECK(has_code(lint, "limit-not-watched"));
  CHECK(has_code(lint, "cannot-fail"));
  for (const char* canary : {"canary.csv", "canary-down.csv"}) {
    const Finished judged = judge("critical-that-cannot-fail", "canary.json", canary);
    CHECK(judged.status == 1);
    CHECK_THAT(judged.out, Contains("inconclusive"));
    CHECK_THAT(judged.err, Contains("[cannot-fail]") && Contains("allowedDecrease 0"));
    CHECK(judge("critical-that-cannot-fail", "canary.json", canary, {"--kayenta"}).status == 0);
  }
}

TEST_CASE("misspelt-scope: an analysis under a name that is not canary voids a pass") {
  const Finished misspelt = judge("misspelt-scope", "misspelt.json", "canary.csv");
  CHECK(misspelt.status == 1);
  CHECK_THAT(misspelt.out, Contains("inconclusive"));
  CHECK_THAT(misspelt.err,
             Contains("analysisConfigurations.Canary") && Contains("did you mean \"canary\"?"));
  CHECK(has_code(lint_json("misspelt-scope", "misspelt.json"), "unknown-analysis"));
  CHECK(judge_json("misspelt-scope", "right.json", "canary.csv")["verdict"] == "fail");
}

TEST_CASE("misspelt-scope: a judge and extended properties that are not honoured void a pass") {
  const Finished judged =
      judge("misspelt-scope", "static-judge.json", "static-canary.csv", {}, "static-baseline.csv");
  CHECK(judged.status == 1);
  CHECK_THAT(judged.out, Contains("inconclusive"));
  CHECK_THAT(judged.err, Contains("StaticBaselineJudge-v1.0") && Contains("extendedProperties"));
}

TEST_CASE("real-config-members: what Kayenta's own files carry is read and noted") {
  TemporaryFolder folder;
  write_file(folder.path() / "data.csv", "errors\n1\n2\n3\n1\n2\n3\n1\n2\n3\n");
  const std::string data = (folder.path() / "data.csv").string();
  for (const char* config : {"adhoc.json", "extensions.json", "serviceName.json", "only-pass.json",
                             "string-weights.json"}) {
    CAPTURE(config);
    const Finished judged = judge("real-config-members", config, data, {}, data);
    CHECK(judged.status == 0);
    CHECK_THAT(judged.out, Contains("score 100: pass"));
    CHECK(lint_json("real-config-members", config).contains("notes"));
  }
  CHECK_THAT(judge("real-config-members", "serviceName.json", data, {}, data).err,
             Contains("note: ") && Contains("serviceName"));
  CHECK_THAT(judge("real-config-members", "extensions.json", data, {}, data).err,
             Contains("extensions"));
  CHECK_THAT(judge("real-config-members", "only-pass.json", data, {}, data).out,
             Contains("pass from 60, marginal from 60"));
}

TEST_CASE("one-point: reason, lint and verdict agree that one point a side tells nothing") {
  const json result = judge_json("one-point", "canary.json", "canary.csv");
  CHECK(result["verdict"] == "inconclusive");
  CHECK(result["metrics"][0]["classification"] == "Nodata");
  CHECK(result["metrics"][0]["p_value"].is_null());
  CHECK_THAT(result["metrics"][0]["reason"].get<std::string>(),
             Contains("1 and 1 points cannot show a difference"));
  CHECK(judge("one-point", "canary.json", "canary.csv").status == 1);
  CHECK(has_code(lint_json("one-point", "canary.json",
                           {"--baseline", "baseline.csv", "--canary", "canary.csv"}),
                 "too-few-points"));
  const json kayenta = judge_json("one-point", "canary.json", "canary.csv", {"--kayenta"});
  CHECK(kayenta["metrics"][0]["classification"] == "High");
  CHECK(kayenta["verdict"] == "fail");
  CHECK_THAT(kayenta["metrics"][0]["reason"].get<std::string>(), !Contains("significantly"));
}

TEST_CASE("kind-by-first-value: a column's kind comes from all of it") {
  const json amount = drift_json("kind-by-first-value")["columns"]["amount"];
  CHECK(amount["kind"] == "numeric");
  CHECK(amount["reference"]["missing"] == 1);
  CHECK(amount["severity"] == "stable");
  const json columns =
      drift_json("kind-by-first-value", {"--categorical", "plan"}, "ints.csv", "floats.csv");
  for (const char* name : {"plan", "region"}) {
    CHECK(columns["columns"][name]["kind"] == "categorical");
    CHECK(columns["columns"][name]["psi"] == 0);
    CHECK(columns["columns"][name]["severity"] == "stable");
  }
}

TEST_CASE("blank-lines: in a file of one column they are missing values that keep their place") {
  const json one = judge_json("blank-lines", "canary.json", "canary-one.csv");
  const json two = judge_json("blank-lines", "canary.json", "canary-two.csv");
  CHECK(one == two);
  CHECK(one["metrics"][0]["classification"] == "Low");
  CHECK(one["metrics"][0]["canary"]["rows"] == 10);
  const auto stream = [](const char* file) {
    return json::parse(
        run_in("blank-lines", {"drift", "--stream", file, "--column", "x", "--format", "json"})
            .out);
  };
  CHECK(stream("stream-one.csv") == stream("stream-two.csv"));
  CHECK(stream("stream-one.csv")["missing"] == 50);
}

TEST_CASE("comma-in-name: a column's name may hold commas") {
  const std::string name = "{job=\"api\", track=\"canary\"}";
  const Finished stream = run_in(
      "comma-in-name", {"drift", "--stream", "grafana.csv", "--column", name, "--format", "json"});
  CHECK(stream.status == 0);
  const json columns =
      drift_json("comma-in-name", {"--column", name}, "grafana.csv", "grafana.csv")["columns"];
  CHECK(columns.size() == 1);
  CHECK(columns[name]["kind"] == "numeric");
  const json labels = drift_json("comma-in-name", {"--categorical", name, "--exclude", "Time"},
                                 "grafana.csv", "grafana.csv")["columns"];
  CHECK(labels[name]["kind"] == "categorical");
  CHECK(judge("comma-in-name", "canary.json", "grafana.csv", {"--sparse", name}, "grafana.csv")
            .status == 0);
  CHECK(drift_json("comma-in-name", {"--column", "Time," + name}, "grafana.csv",
                   "grafana.csv")["columns"]
            .size() == 2);
}

TEST_CASE("weights: the score is explained") {
  const json good = judge_json("weights", "canary.json", "good.csv");
  CHECK(good["verdict"] == "marginal");
  CHECK(good["score"] == 80);
  CHECK(good["weights_sum"] == 80);
  CHECK(good["shares"][0]["gave"] == 40);
  CHECK(good["thresholds"]["pass"] == 90);
  CHECK_THAT(judge("weights", "canary.json", "good.csv").out,
             Contains("no canary can pass: the weights sum to 80"));
  const Finished over = judge("weights", "over.json", "bad.csv");
  CHECK(over.status == 1);
  CHECK_THAT(over.out, Contains("group Errors: 0 of 1 metrics passed, gave 0 of 100"));
  CHECK_THAT(over.out, Contains("inconclusive") && Contains("weights sum to 190"));
}

TEST_CASE("p-against-reason: a reason never contradicts the p-value beside it") {
  const json result = judge_json("p-against-reason", "canary.json", "canary.csv");
  const json& metric = result["metrics"][0];
  CHECK(metric["p_value"].get<double>() == Approx(0.00086).margin(1e-5));
  CHECK(metric["classification"] == "High");
  CHECK(result["verdict"] == "fail");
  const json kayenta = judge_json("p-against-reason", "canary.json", "canary.csv", {"--kayenta"});
  CHECK(kayenta["metrics"][0]["classification"] == "Pass");
  CHECK_THAT(kayenta["metrics"][0]["reason"].get<std::string>(),
             Contains("the ranks differ") && Contains("sparse"));
  const json lint = lint_json("p-against-reason", "canary.json",
                              {"--baseline", "baseline.csv", "--canary", "canary.csv"});
  CHECK(has_code(lint, "ties-hide-shift"));
}

TEST_CASE("dropped-column: columns on one side only are reported, and fail a gate") {
  const json result = drift_json("dropped-column");
  CHECK(result["only_in_reference"] == json({"income"}));
  CHECK(result["only_in_current"] == json({"income_eur"}));
  CHECK(result["severity"] == "large");
  const Finished text = run_in("dropped-column", {"drift", "reference.csv", "current.csv"});
  CHECK_THAT(text.out, Contains("income: gone from the current data; is it now \"income_eur\"?"));
  CHECK(run_in("dropped-column", {"drift", "reference.csv", "current.csv", "--fail-on", "psi>0.2"})
            .status == 1);
  CHECK(run_in("dropped-column", {"drift", "reference.csv", "current.csv", "--fail-on", "psi>0.2",
                                  "--exclude", "income"})
            .status == 0);
}

TEST_CASE("what judge and drift print fits 80 columns, the most severe first") {
  const std::string drift =
      run_in("drift-blind-deciles", {"drift", "reference.csv", "current.csv"}).out;
  CHECK(widest_line(drift) <= 80);
  const std::string judged = judge("weights", "over.json", "bad.csv").out;
  CHECK(widest_line(judged) <= 80);
  CHECK(judged.find("errors: High") < judged.find("latency: Pass"));
  const std::string share = run_in("missing-share", {"drift", "reference.csv", "current.csv"}).out;
  CHECK(share.find("\nregion: 90% missing") < share.find("\nid: "));
}
