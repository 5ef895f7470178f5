#include "rollout/power.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "rollout/lint.hpp"
#include "stats/random.hpp"

using namespace rehearse;
using namespace rehearse::rollout;
using Catch::Contains;
using Values = std::vector<double>;

namespace {

CanaryConfig latency_config() {
  CanaryConfig config;
  MetricConfig metric;
  metric.name = "latency";
  metric.groups = {"g"};
  metric.direction = Direction::increase;
  config.metrics = {metric};
  return config;
}

Values latencies(std::size_t n) {
  stats::Stream stream(111, 0, "latency");
  Values values(n);
  for (double& v : values) v = 100 + 10 * stream.normal();
  return values;
}

bool has(const std::vector<Warning>& warnings, const std::string& code) {
  for (const Warning& warning : warnings) {
    if (warning.code == code) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("power grows with the regression, the duration and the traffic") {
  PowerSettings settings;
  settings.points = {15, 60};
  settings.traffic = {1, 4};
  settings.regressions = {0, 0.05, 0.3};
  settings.trials = 150;
  const auto rows = simulate_power(latency_config(), {{"latency", latencies(400)}}, settings);
  REQUIRE(rows.size() == 12);
  const auto failed = [&](std::size_t points, double traffic, double regression) {
    for (const PowerRow& row : rows) {
      if (row.points == points && row.traffic == traffic && row.regression == regression) {
        return double(row.failed) / row.trials();
      }
    }
    return -1.0;
  };
  REQUIRE(failed(60, 1, 0) < 0.1);
  REQUIRE(failed(60, 1, 0.3) == 1);
  REQUIRE(failed(60, 1, 0.05) > failed(15, 1, 0.05) + 0.1);
  REQUIRE(failed(15, 4, 0.05) > failed(15, 1, 0.05) + 0.1);
}

TEST_CASE("a canary that is looked at more often fails more often") {
  PowerSettings settings;
  settings.points = {60};
  settings.traffic = {1};
  settings.regressions = {0.03};
  const std::map<std::string, Values> data = {{"latency", latencies(400)}};
  const auto failed = [&](std::size_t look) {
    settings.look = look;
    return simulate_power(latency_config(), data, settings).front().failed;
  };
  const int at_the_end = failed(0);
  REQUIRE((at_the_end > 10 && at_the_end < 190));
  REQUIRE(failed(60) == at_the_end);
  REQUIRE(failed(1000) == at_the_end);
  REQUIRE(failed(15) > at_the_end);  // of the same canaries
}

TEST_CASE("the same seed gives the same table whatever else is asked for") {
  PowerSettings settings;
  settings.points = {20};
  settings.traffic = {1};
  settings.regressions = {0.1};
  settings.trials = 40;
  const std::map<std::string, Values> data = {{"latency", latencies(100)}};
  const PowerRow alone = simulate_power(latency_config(), data, settings).front();
  settings.regressions = {0, 0.1};
  const PowerRow among = simulate_power(latency_config(), data, settings).back();
  REQUIRE(alone.failed == among.failed);
}

TEST_CASE("counts stay counts under less and more traffic") {
  CanaryConfig config = latency_config();
  config.metrics[0].sparse = true;
  Values counts(200, 0.0);
  for (std::size_t i = 0; i < counts.size(); i += 4) counts[i] = 3;
  PowerSettings settings;
  settings.points = {60};
  settings.traffic = {0.5, 3};
  settings.regressions = {0, 2};
  settings.trials = 60;
  const auto rows = simulate_power(config, {{"latency", counts}}, settings);
  REQUIRE(rows[1].failed > rows[0].failed + 20);  // three times the events
  REQUIRE(rows[3].failed > 55);
}

TEST_CASE("a metric to regress that does not exist is refused with the nearest") {
  PowerSettings settings;
  settings.regressed = {"latencyy"};
  REQUIRE_THROWS_WITH(simulate_power(latency_config(), {{"latency", {1, 2}}}, settings),
                      Contains("did you mean \"latency\""));
  REQUIRE_THROWS_WITH(simulate_power(latency_config(), {}, {}), Contains("no metric has"));
}

TEST_CASE("the operating characteristic has a line per duration and traffic") {
  const std::vector<PowerRow> rows = {
      {10, 1, 0, 9, 0, 1}, {10, 1, 0.1, 2, 0, 8}, {20, 1, 0, 10, 0, 0}, {20, 1, 0.1, 0, 0, 10}};
  const std::string svg = operating_characteristic_svg(rows);
  REQUIRE_THAT(svg, Contains("10 points") && Contains("20 points") && Contains("</svg>"));
  REQUIRE(svg.find("polyline", svg.find("polyline") + 1) != std::string::npos);
}

TEST_CASE("the rank test needs five points a side at Kayenta's confidence") {
  REQUIRE(least_points(0.98) == 5);
  REQUIRE(least_points(0.95) == 4);
}

TEST_CASE("lint names configurations that cannot fail") {
  CanaryConfig config = latency_config();
  REQUIRE(has(lint(config), "no-critical-metric"));
  REQUIRE(has(lint(config), "nodata-scores-100"));
  config.metrics[0].critical = true;
  REQUIRE(lint(config).empty());
  config.metrics[0].nan = NanStrategy::replace;
  REQUIRE(has(lint(config), "nan-passes"));
  config.judge.tolerance = 1.5;
  REQUIRE(has(lint(config), "tolerance-wide"));
  config.group_weights = {{"other", 100}};
  REQUIRE(has(lint(config), "weight-unused"));
  REQUIRE(has(lint(config), "no-weight"));
  config.metrics[0].effect = EffectSize::of(EffectMeasure::cles);
  config.metrics[0].effect.allowed_increase = 1.1;
  REQUIRE(has(lint(config), "effect-unreachable"));
}

TEST_CASE("lint names what the data are too few or too noisy for") {
  CanaryConfig config = latency_config();
  config.metrics[0].critical = true;
  REQUIRE(has(lint(config, {{"latency", {{1, 2, 3}, {4, 5, 6}}}}), "too-few-points"));
  REQUIRE(has(lint(config, {}), "no-data"));
  REQUIRE(has(lint(config, {}), "group-without-data"));
  config.metrics[0].effect.allowed_increase = 1.02;
  const Values data = latencies(20);
  REQUIRE(has(lint(config, {{"latency", {data, data}}}), "effect-in-noise"));
  config.metrics[0].effect.allowed_increase = 1.5;
  REQUIRE_FALSE(has(lint(config, {{"latency", {data, data}}}), "effect-in-noise"));
}
