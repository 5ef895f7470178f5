// Every case of reference/canary_judge.json, within the tolerances its `about` states.
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "reference_file.hpp"
#include "rollout/canary_judge.hpp"
#include "rollout/series.hpp"
#include "stats/quantiles.hpp"
#include "stats/rank_tests.hpp"

using namespace rehearse;
using namespace rehearse::rollout;
using nlohmann::json;
using Values = std::vector<double>;

namespace {

json reference() { return test::load_reference("canary_judge.json"); }

Values values_of(const json& list) {
  Values values;
  for (const json& one : list) {
    values.push_back(one.is_null() ? std::numeric_limits<double>::quiet_NaN() : one.get<double>());
  }
  return values;
}

MetricConfig metric_of(const json& metric) {
  const std::string text = metric.dump();
  return read_metric_analysis(config::parse(text, "case"));
}

bool close(double value, double expected, double relative, double absolute) {
  return std::abs(value - expected) <= relative * std::abs(expected) + absolute;
}

MetricResult run(const json& one, bool kayenta_roots) {
  JudgeSettings settings;
  settings.tolerance = one.at("tolerance");
  settings.confidence = one.at("confidence");
  settings.kayenta_roots = kayenta_roots;
  return classify(metric_of(one.at("metric")), settings,
                  {values_of(one.at("control")), values_of(one.at("experiment"))});
}

void check_detail(const MetricResult& result, const json& detail) {
  REQUIRE(result.shift.has_value());
  CHECK(close(*result.shift, detail["estimate"], 0, 2e-4));
  CHECK(close(*result.low, detail["ci"][0], 0, 2e-4));
  CHECK(close(*result.high, detail["ci"][1], 0, 2e-4));
  if (!detail["effect_size"].is_null()) {
    CHECK(close(*result.effect_size, detail["effect_size"], 1e-9, 0));
  } else {
    CHECK_FALSE(result.effect_size.has_value());
  }
}

}  // namespace

TEST_CASE("metrics are classified as Kayenta classifies them") {
  const json file = reference();
  for (const json& one : file.at("cases")) {
    DYNAMIC_SECTION(one["name"].get<std::string>()) {
      const json& expected = one["expected"];
      const MetricResult like = run(one, true);
      CHECK(to_string(like.label) == expected["classification"].get<std::string>());
      CHECK(like.critical == expected["critical"].get<bool>());
      if (expected.contains("detail")) check_detail(like, expected["detail"]);
      if (expected["ratio"].is_number() && like.mean_ratio && like.shift) {
        CHECK(close(*like.mean_ratio, expected["ratio"], 1e-9, 0));
      }
      const MetricResult exact = run(one, false);
      if (one.value("solver_dependent", false)) return;
      CHECK(to_string(exact.label) == expected["classification"].get<std::string>());
      CHECK(exact.critical == expected["critical"].get<bool>());
    }
  }
}

TEST_CASE("scores and verdicts are Kayenta's") {
  const json file = reference();
  for (const json& one : file.at("scores")) {
    CAPTURE(one["name"].get<std::string>());
    std::vector<MetricResult> metrics;
    for (const json& metric : one["metrics"]) {
      MetricResult result;
      result.name = metric["name"];
      result.groups = metric["groups"].get<std::vector<std::string>>();
      result.critical = metric["critical"];
      result.muted = metric["muted"];
      for (const Label label : {Label::pass, Label::high, Label::low, Label::nodata,
                                Label::nodata_fail_metric, Label::error}) {
        if (metric["classification"] == json(to_string(label))) result.label = label;
      }
      metrics.push_back(result);
    }
    const Scores scores = score(metrics, one["groupWeights"].get<std::map<std::string, double>>(),
                                {one["thresholds"]["pass"], one["thresholds"]["marginal"]});
    const json& expected = one["expected"];
    CHECK(close(scores.score, expected["score"], 0, 1e-9));
    std::string verdict = to_string(scores.verdict);
    verdict[0] = static_cast<char>(std::toupper(verdict[0]));
    CHECK(verdict == expected["classification"].get<std::string>());
    const auto groups = expected["group_scores"].get<std::map<std::string, double>>();
    REQUIRE(scores.groups.size() == groups.size());
    for (const auto& [group, value] : groups) CHECK(close(scores.groups.at(group), value, 0, 1e-9));
    CHECK(scores.reason == (expected["failed_because"].is_null()
                                ? ""
                                : expected["failed_because"].get<std::string>()));
  }
}

TEST_CASE("outlier fences and percentiles are Kayenta's") {
  const json file = reference();
  for (const json& one : file.at("iqr_detector")) {
    CAPTURE(one["name"].get<std::string>());
    const Values values = values_of(one["data"]);
    const auto fences = iqr_fences(values, one["factor"], one["reduceSensitivity"]);
    const json& expected = one["expected"];
    REQUIRE(fences.has_value() == !expected["lower_fence"].is_null());
    if (!fences) continue;
    CHECK(close(fences->low, expected["lower_fence"], 1e-12, 1e-12));
    CHECK(close(fences->high, expected["upper_fence"], 1e-12, 1e-12));
    for (std::size_t i = 0; i < values.size(); ++i) {
      CHECK((values[i] < fences->low || values[i] > fences->high) ==
            expected["outlier"][i].get<bool>());
    }
  }
  for (const json& one : file.at("percentiles")) {
    if (one["data"].empty()) continue;
    const Values sorted = stats::sorted(values_of(one["data"]));
    const double p = one["percentile"];
    CHECK(close(stats::quantile_sorted(sorted, p / 100), one["expected"], 1e-12, 1e-12));
  }
}

TEST_CASE("effect sizes, intervals and the mean inequality are Kayenta's") {
  const json file = reference();
  for (const json& one : file.at("effect_sizes")) {
    const auto measure = one["measure"] == "cles" ? EffectMeasure::cles : EffectMeasure::mean_ratio;
    const auto effect = effect_size(measure, stats::sorted(values_of(one["control"])),
                                    stats::sorted(values_of(one["experiment"])));
    CAPTURE(one["name"].get<std::string>());
    REQUIRE(effect.has_value() == !one["expected"].is_null());
    if (effect) CHECK(close(*effect, one["expected"], 1e-12, 0));
  }
  for (const json& one : file.at("mann_whitney")) {
    const auto shift = *stats::shift_sorted(stats::sorted(values_of(one["experiment"])),
                                            stats::sorted(values_of(one["control"])),
                                            one["confidence"], stats::RootTolerance::like_kayenta);
    CHECK(close(shift.estimate, one["expected"]["estimate"], 0, 1e-9));
    CHECK(close(shift.low, one["expected"]["ci"][0], 0, 1e-9));
    CHECK(close(shift.high, one["expected"]["ci"][1], 0, 1e-9));
  }
  for (const json& one : file.at("mean_inequality")) {
    MetricConfig metric = metric_of({{"direction", one["direction"]},
                                     {"nanStrategy", one["nanStrategy"]},
                                     {"critical", one["critical"]}});
    JudgeSettings settings;
    settings.classifier = Classifier::mean_inequality;
    const auto result =
        classify(metric, settings, {values_of(one["control"]), values_of(one["experiment"])});
    CHECK(to_string(result.label) == one["expected"]["classification"].get<std::string>());
  }
}

TEST_CASE("what operators complain about is settled by the second opinions") {
  const json file = reference();
  for (const json& one : file.at("user_complaints")) {
    CAPTURE(one["name"].get<std::string>());
    CHECK(to_string(run(one, true).label) == one["kayenta"]["classification"].get<std::string>());
    MetricConfig metric = metric_of(one["metric"]);
    metric.sparse = true;
    JudgeSettings settings;
    settings.opinions.distribution = true;
    const MetricResult result =
        classify(metric, settings, {values_of(one["control"]), values_of(one["experiment"])});
    const auto wanted = one["wanted"]["classification_in"].get<std::vector<std::string>>();
    CAPTURE(to_string(result.label));
    CHECK(std::find(wanted.begin(), wanted.end(), to_string(result.label)) != wanted.end());
  }
}
