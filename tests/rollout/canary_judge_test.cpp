#include "rollout/canary_judge.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "base/error.hpp"
#include "rollout/second_opinion.hpp"
#include "stats/random.hpp"

using namespace rehearse;
using namespace rehearse::rollout;
using Catch::Contains;
using Values = std::vector<double>;

namespace {

const double kMissing = std::numeric_limits<double>::quiet_NaN();

Values normal(std::size_t n, double mean, double deviation, std::uint64_t seed) {
  stats::Stream stream(seed, 0, "series");
  Values values(n);
  for (double& v : values) v = mean + deviation * stream.normal();
  return values;
}

MetricResult classify_plain(const Values& baseline, const Values& canary,
                            const MetricConfig& metric = {}, JudgeSettings settings = {}) {
  return classify(metric, settings, {baseline, canary});
}

CanaryConfig config_of(const std::string& text) {
  return read_canary_config(config::parse(text, "canary.json"));
}

MetricResult labelled(const std::string& name, Label label, const std::string& group,
                      bool critical = false) {
  MetricResult result;
  result.name = name;
  result.groups = {group};
  result.label = label;
  result.critical = critical;
  return result;
}

}  // namespace

TEST_CASE("a clear shift is High or Low in the directions watched and Pass otherwise") {
  const Values before = normal(50, 100, 5, 1), up = normal(50, 130, 5, 2);
  MetricConfig metric;
  REQUIRE(classify_plain(before, up, metric).label == Label::high);
  REQUIRE(classify_plain(up, before, metric).label == Label::low);
  metric.direction = Direction::decrease;
  REQUIRE(classify_plain(before, up, metric).label == Label::pass);
  metric.direction = Direction::increase;
  REQUIRE(classify_plain(up, before, metric).label == Label::pass);
}

TEST_CASE("a side without data is Nodata, a failed metric, or a pass, as configured") {
  const Values some = normal(10, 5, 1, 3), gone(10, kMissing);
  MetricConfig metric;
  REQUIRE(classify_plain(some, gone, metric).label == Label::nodata);
  REQUIRE(classify_plain({}, some, metric).label == Label::nodata);
  metric.must_have_data = true;
  REQUIRE(classify_plain(some, gone, metric).label == Label::nodata_fail_metric);
  metric.critical = true;
  REQUIRE(classify_plain(some, gone, metric).label == Label::nodata);
  REQUIRE(classify_plain(some, gone, metric).critical);
  metric.nan = NanStrategy::replace;
  REQUIRE(classify_plain({}, some, metric).label == Label::pass);
}

TEST_CASE("infinite values rank first or last, and are named") {
  const double inf = std::numeric_limits<double>::infinity();
  const MetricResult high = classify_plain({1, 2, 3, 4, 5, 6, 7, 8}, Values(8, inf));
  REQUIRE(high.label == Label::high);
  REQUIRE(*high.shift == inf);
  REQUIRE_THAT(high.reason, Contains("8 of 8 canary values are +Inf"));
  const MetricResult low = classify_plain({1, 2, 3, 4, 5, 6, 7, 8}, Values(8, -inf));
  REQUIRE(low.label == Label::low);
  const MetricResult some = classify_plain({1, 2, 3, 4, 5, 6, 7, inf}, {1, 2, 3, 4, 5, 6, 7, inf});
  REQUIRE(some.label == Label::pass);
  REQUIRE(some.baseline_points == 8);
  REQUIRE_THAT(some.reason, Contains("1 of 8 canary values is +Inf"));
  MetricConfig metric;
  metric.nan = NanStrategy::replace;
  metric.remove_outliers = true;
  REQUIRE(classify_plain({1, 2, 3, 4, 5, 6, 7, 8}, {inf, inf, inf, inf, inf, inf, inf, kMissing},
                         metric)
              .label == Label::high);
}

TEST_CASE("a canary of which significantly more is infinite fails by that") {
  const double inf = std::numeric_limits<double>::infinity();
  JudgeSettings settings;
  settings.as_kayenta = false;
  MetricConfig metric;
  metric.direction = Direction::decrease;
  // Three values above all others leave ranks a doubt: p is 0.03.
  const Values before = {1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.81, 1.82, 1.83};
  const Values after = {-inf, -inf, -inf, -inf, -inf, -inf, -inf, -inf, 1.9, 1.95, 1.99};
  const MetricResult low = classify_plain(before, after, metric, settings);
  REQUIRE(low.label == Label::low);
  REQUIRE(*low.p_value < 0.001);
  REQUIRE_THAT(low.reason, Contains("significantly more") && Contains("8 of 11"));
  REQUIRE(classify_plain(before, after, metric).label == Label::pass);  // Kayenta's
  metric.direction = Direction::increase;
  REQUIRE(classify_plain(before, after, metric, settings).label == Label::pass);
  Values one = before;
  one.front() = inf;
  REQUIRE(classify_plain(before, one, metric, settings).label == Label::pass);
}

TEST_CASE("infinite values have no mean, and means are no reason to pass") {
  const double inf = std::numeric_limits<double>::infinity();
  JudgeSettings settings;
  settings.classifier = Classifier::welch;
  REQUIRE(classify_plain({1, 2, 3, 4}, {inf, inf, 2, 3}, {}, settings).label == Label::error);
  settings.classifier = Classifier::mean_inequality;
  REQUIRE(classify_plain({1, 2, 3, 4}, {inf, inf, 2, 3}, {}, settings).label == Label::high);
  REQUIRE(classify_plain({1, 2, inf, 4}, {inf, inf, 2, 3}, {}, settings).label == Label::error);
}

TEST_CASE("a count of rare events is held to no laxer test by its ranks than by its own") {
  JudgeSettings settings;
  settings.as_kayenta = false;
  MetricConfig metric;
  metric.sparse = true;
  metric.direction = Direction::increase;
  Values before(240, 0.0), after(240, 0.0);  // exact p 0.017 of the counts, 0.016 of the ranks
  std::fill_n(before.begin(), 20, 1.0);
  std::fill_n(after.begin(), 37, 1.0);
  REQUIRE(classify_plain(before, after, metric, settings).label == Label::high);
  settings.opinions.sparse_significance = 0.005;
  const MetricResult passed = classify_plain(before, after, metric, settings);
  REQUIRE(passed.label == Label::pass);
  REQUIRE_THAT(passed.reason, Contains("the ranks differ, but not at 0.005"));
  metric.sparse = false;
  REQUIRE(classify_plain(before, after, metric, settings).label == Label::high);
}

TEST_CASE("a metric is judged by evidence where Kayenta's labels are not asked for") {
  JudgeSettings settings;
  settings.as_kayenta = false;
  const auto label = [&](const Values& baseline, const Values& canary,
                         const MetricConfig& metric = {}) {
    return classify_plain(baseline, canary, metric, settings).label;
  };
  REQUIRE(label({100}, {101}) == Label::nodata);
  REQUIRE(label({1, 2, 3}, {1, 2, 3}) == Label::nodata);
  REQUIRE(label({}, normal(10, 5, 1, 3)) == Label::nodata);
  MetricConfig replaced;
  replaced.nan = NanStrategy::replace;
  REQUIRE(label({}, normal(10, 5, 1, 3), replaced) == Label::nodata);
  REQUIRE(label(Values(10, kMissing), normal(10, 5, 1, 3), replaced) == Label::high);
  MetricConfig sparse;
  sparse.sparse = true;
  REQUIRE(label(Values(10, kMissing), Values(10, kMissing), sparse) == Label::pass);
  REQUIRE(label({}, Values(10, kMissing), sparse) == Label::nodata);
  REQUIRE(label(normal(50, 100, 5, 1), normal(50, 130, 5, 2)) == Label::high);
}

TEST_CASE("a fixed limit fails a canary whatever the baseline does") {
  MetricConfig metric;
  metric.limits.above = 4.5;
  const Values same = {1, 2, 3, 4, 5};
  REQUIRE(classify_plain(same, same, metric).label == Label::high);
  REQUIRE_THAT(classify_plain(same, same, metric).reason,
               Contains("1 of 5 canary values is above the limit 4.5"));
  metric.limits = {std::nullopt, 0.5};
  REQUIRE(classify_plain(same, same, metric).label == Label::pass);
}

TEST_CASE("two constant series are told apart without noise") {
  const MetricResult high = classify_plain(Values(8, 2.0), Values(8, 3.0));
  REQUIRE(high.label == Label::high);
  REQUIRE(*high.shift == 1);
  REQUIRE(*high.low == 1);
  REQUIRE(classify_plain(Values(8, 2.0), Values(5, 2.0)).label == Label::pass);
}

TEST_CASE("a Welch classifier looks at means and mean inequality at nothing else") {
  JudgeSettings settings;
  settings.classifier = Classifier::welch;
  const Values before = normal(60, 10, 1, 4), up = normal(60, 12, 1, 5);
  REQUIRE(classify_plain(before, up, {}, settings).label == Label::high);
  REQUIRE(classify_plain(before, normal(60, 10, 1, 6), {}, settings).label == Label::pass);
  REQUIRE(classify_plain({1}, {2, 3}, {}, settings).label == Label::error);
  settings.classifier = Classifier::mean_inequality;
  REQUIRE(classify_plain({1, 2, 4}, {1, 2, 5}, {}, settings).label == Label::high);
}

TEST_CASE("a critical metric fails critically only beyond its critical effect") {
  MetricConfig metric;
  metric.critical = true;
  metric.effect.critical_increase = 1.5;
  const Values before = normal(50, 100, 5, 7);
  REQUIRE_FALSE(classify_plain(before, normal(50, 130, 5, 8), metric).critical);
  REQUIRE(classify_plain(before, normal(50, 180, 5, 8), metric).critical);
}

TEST_CASE("group scores, weights and thresholds make the verdict") {
  const std::vector<MetricResult> metrics = {
      labelled("a", Label::pass, "errors"), labelled("b", Label::high, "errors"),
      labelled("c", Label::pass, "latency"), labelled("d", Label::error, "latency")};
  const Scores scores =
      score(metrics, {{"errors", 60}, {"latency", 40}}, {.pass = 95, .marginal = 70});
  REQUIRE(scores.groups.at("errors") == 50);
  REQUIRE(scores.groups.at("latency") == 100);
  REQUIRE(scores.score == 70);
  REQUIRE(scores.verdict == CanaryVerdict::marginal);
}

TEST_CASE("a critical failure or no data on half of the metrics scores zero") {
  REQUIRE(score({labelled("a", Label::high, "g", true), labelled("b", Label::pass, "g")}, {}, {})
              .reason == "critical");
  const Scores nodata =
      score({labelled("a", Label::nodata, "g"), labelled("b", Label::pass, "g")}, {}, {});
  REQUIRE(nodata.score == 0);
  REQUIRE(nodata.verdict == CanaryVerdict::fail);
  REQUIRE(score({}, {}, {}).verdict == CanaryVerdict::fail);
}

TEST_CASE("a canary that becomes erratic passes the rank test and fails on its distribution") {
  const Values before = normal(60, 50, 1, 9), erratic = normal(60, 50, 20, 10);
  REQUIRE(classify_plain(before, erratic).label == Label::pass);
  JudgeSettings settings;
  settings.opinions.distribution = true;
  REQUIRE(classify_plain(before, erratic, {}, settings).label != Label::pass);
  MetricConfig watched;
  watched.direction = Direction::increase;
  REQUIRE(classify_plain(before, erratic, watched, settings).label == Label::high);
  watched.direction = Direction::decrease;
  REQUIRE(classify_plain(before, erratic, watched, settings).label == Label::low);
  REQUIRE(classify_plain(before, normal(60, 50, 1, 11), {}, settings).label == Label::pass);
}

TEST_CASE("a few errors against none fail a sparse metric, also where the baseline has no data") {
  Values none(15, kMissing), some(15, kMissing);
  for (const std::size_t i : {1, 4, 7, 9, 12}) some[i] = 2;
  MetricConfig metric;
  metric.direction = Direction::increase;
  for (const NanStrategy nan : {NanStrategy::replace, NanStrategy::remove}) {
    metric.nan = nan;
    metric.sparse = false;
    REQUIRE(classify_plain(none, some, metric).label != Label::high);
    metric.sparse = true;
    const MetricResult result = classify_plain(none, some, metric);
    REQUIRE(result.label == Label::high);
    REQUIRE(*result.p_value == Approx(std::pow(0.5, 10)));
    REQUIRE(classify_plain(some, some, metric).label == Label::pass);
  }
}

TEST_CASE("counts are compared given their total") {
  // 3 events, all in the canary, which has a third of the points: (1/3)^3.
  REQUIRE(compare_counts(0, 20, 3, 10).higher_p == Approx(1.0 / 27));
  REQUIRE(compare_counts(0, 20, 0, 10).higher_p == 1);
  REQUIRE(compare_counts(3, 20, 0, 10).lower_p == Approx(8.0 / 27));
}

TEST_CASE("a Kayenta configuration is read with its defaults and further members") {
  const CanaryConfig config = config_of(R"({
    "name": "c", "applications": ["a"], "templates": {"t": "x"}, "configVersion": "1",
    "judge": {"name": "NetflixACAJudge-v1.0", "judgeConfigurations": {"tolerance": 0.1}},
    "metrics": [
      {"name": "errors", "query": {"type": "prometheus"}, "groups": ["Errors"], "scopeName": "default",
       "analysisConfigurations": {"canary": {"direction": "increase", "nanStrategy": "replace",
         "critical": true, "mustHaveData": true, "effectSize": {"allowedIncrease": 1.1},
         "outliers": {"strategy": "remove", "outlierFactor": 2}}}},
      {"name": "cpu", "groups": ["System"], "analysisConfigurations": {}}],
    "classifier": {"groupWeights": {"Errors": 60, "System": 40},
                   "scoreThresholds": {"pass": 90, "marginal": 50}}})");
  REQUIRE(config.judge.tolerance == 0.1);
  REQUIRE(config.judge.confidence == 0.98);
  REQUIRE(config.thresholds.pass == 90);
  REQUIRE(config.group_weights.at("System") == 40);
  const MetricConfig& errors = config.metrics[0];
  REQUIRE(errors.direction == Direction::increase);
  REQUIRE(errors.nan == NanStrategy::replace);
  REQUIRE(errors.critical);
  REQUIRE(errors.remove_outliers);
  REQUIRE(errors.outlier_factor == 2);
  REQUIRE(errors.effect.allowed_increase == 1.1);
  REQUIRE(errors.effect.critical_increase == 1);
  REQUIRE(config.metrics[1].direction == Direction::either);
}

TEST_CASE("a slip in a canary configuration is refused with its place") {
  const auto metric = [](const std::string& canary) {
    return R"({"metrics":[{"name":"m","analysisConfigurations":{"canary":)" + canary + "}}]}";
  };
  REQUIRE_THROWS_WITH(config_of(metric(R"({"mustHaveDta":true})")), Contains("mustHaveData"));
  REQUIRE_THROWS_WITH(config_of(metric(R"({"critical":"yes"})")), Contains("critical"));
  REQUIRE_THROWS_WITH(config_of(metric(R"({"effectSize":{"measure":"median"}})")),
                      Contains("meanRatio"));
  REQUIRE_THROWS_WITH(config_of(R"({"metrics":[]})"), Contains("at least one metric"));
  REQUIRE_THROWS_WITH(config_of(R"({"metrics":[{"name":"a"},{"name":"a"}]})"), Contains("unique"));
  REQUIRE_THROWS_WITH(
      config_of(
          R"({"metrics":[{"name":"a"}],"classifier":{"scoreThresholds":{"pass":50,"marginal":60}}})"),
      Contains("marginal 60 is above pass 50"));
}

TEST_CASE("a direction Kayenta does not know means either and is noted") {
  const CanaryConfig config = config_of(
      R"({"metrics":[{"name":"m","analysisConfigurations":{"canary":{"direction":"up"}}}]})");
  REQUIRE(config.metrics[0].direction == Direction::either);
  REQUIRE(config.metrics[0].odd == std::vector<std::string>{"direction = \"up\""});
}

TEST_CASE("a pass threshold alone is legal") {
  const CanaryConfig config =
      config_of(R"({"metrics":[{"name":"a"}],"classifier":{"scoreThresholds":{"pass":50}}})");
  REQUIRE(config.thresholds.pass == 50);
  REQUIRE(config.thresholds.marginal == 50);
}

TEST_CASE("a configuration is read where requests and answers carry it") {
  const CanaryConfig adhoc = config_of(R"({"canaryConfig": {"metrics": [{"name": "a"}],
      "classifier": {"scoreThresholds": {"pass": "80", "marginal": "70"}}},
      "executionRequest": {"thresholds": {"pass": 60, "marginal": 50}, "scopes": {}}})");
  REQUIRE(adhoc.thresholds.pass == 60);
  REQUIRE(adhoc.remarks.size() == 2);
  REQUIRE(adhoc.remarks[0].weight == Weight::note);
  REQUIRE(config_of(R"({"config": {"metrics": [{"name": "a"}]}, "status": "x"})").metrics.size() ==
          1);
}

TEST_CASE("analyses that are not applied void a pass, and what is merely unused is noted") {
  const auto weights = [](const std::string& analyses) {
    std::vector<Weight> list;
    const CanaryConfig config =
        config_of(R"({"metrics":[{"name":"m","serviceName":"x","analysisConfigurations":)" +
                  analyses + "}]}");
    for (const Warning& remark : config.remarks) list.push_back(remark.weight);
    return list;
  };
  const Weight note = Weight::note, warning = Weight::warning, voids = Weight::voids_pass;
  REQUIRE(weights("{}") == std::vector{note});
  REQUIRE(weights("null") == std::vector{note});
  REQUIRE(weights(R"({"Canary":{}})") == std::vector{note, voids});
  REQUIRE(weights(R"({"canary":{},"canry":{}})") == std::vector{note, voids});
  REQUIRE(weights(R"({"canary":{},"custom":{}})") == std::vector{note, warning});
  REQUIRE(weights(R"({"custom":{}})") == std::vector{note, voids});
  REQUIRE(weights(R"({"canary":{},"extendedProperties":{"a":1}})") == std::vector{note, voids});
  REQUIRE(weights(R"({"canary":{},"extendedProperties":{}})") == std::vector{note});
}
