#include "reports/replicated.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

using namespace rehearse;
using namespace rehearse::measure;
using namespace rehearse::reports;

namespace {

// Runs 1 ... n of a metric that is the run's number.
ReplicatedResult counted(int n) {
  ReplicatedResult result;
  result.scenario = "counted";
  for (int i = 1; i <= n; ++i) result.runs.add({{"flat", 3}, {"number", i}});
  result.metrics = spread_of(result.runs);
  return result;
}

nlohmann::json summary(const ReplicatedResult& result) {
  std::ostringstream text;
  write_replicated_summary(result, text);
  return nlohmann::json::parse(text.str());
}

}  // namespace

TEST_CASE("each metric of replications has mean, deviation, quantiles and their intervals") {
  const nlohmann::json json = summary(counted(100));
  const nlohmann::json& number = json.at("metrics").at("number");
  CHECK(number.at("mean") == 50.5);
  CHECK(number.at("deviation").get<double>() == Approx(29.0115));
  CHECK(number.at("p50").at("value") == 50.5);
  CHECK(number.at("p50").at("interval95") == nlohmann::json({40, 61}));
  CHECK(number.at("p90").at("value").get<double>() == Approx(90.1));
  CHECK(number.at("p95").at("interval95").is_array());
  CHECK(json.at("metrics").at("flat").at("interval95") == nlohmann::json({3, 3}));
  REQUIRE(json.at("runs").size() == 100);
  CHECK(json.at("runs")[41] == nlohmann::json({{"flat", 3}, {"number", 42}}));
}

TEST_CASE("few runs have no interval where theory gives none") {
  const nlohmann::json one = summary(counted(1)).at("metrics").at("number");
  CHECK(one.at("interval95").is_null());
  CHECK(one.at("p50").at("interval95").is_null());
  const nlohmann::json ten = summary(counted(10)).at("metrics").at("number");
  CHECK(ten.at("p50").at("interval95") == nlohmann::json({2, 9}));
  CHECK(ten.at("p90").at("interval95").is_null());
}

TEST_CASE("the curves of runs are averaged, and a start-up longer than the warm-up is said") {
  Curves mean;
  for (int run = 1; run <= 2; ++run) {
    std::vector<Bucket> series;
    for (int i = 0; i < 100; ++i) {
      Bucket bucket;
      bucket.begin = Time{} + Duration::minutes(i);
      bucket.end = bucket.begin + Duration::minutes(1);
      bucket.age_mean = i < 20 ? 100 * run : 10 + (i + run) % 2;
      series.push_back(bucket);
    }
    const Window window{Time{}, Time{} + Duration::minutes(90), Time{} + Duration::minutes(100)};
    average_in(mean, curves_of(series, window), run);
  }
  REQUIRE(mean.begins.size() == 90);  // quiescence is no part of it
  CHECK(mean.values.at("age_mean_s")[0] == 150);
  CHECK(mean.values.at("age_mean_s")[50] == 10.5);
  const auto state = steady_state(mean, Duration::minutes(5), 2);
  REQUIRE(state);
  CHECK(state->start_up() == Duration::minutes(20));
  CHECK_THAT(steady_text(*state), Catch::Contains("too short: 20 min needed"));
  const auto json = nlohmann::json::parse(statistics_json(state, std::nullopt));
  CHECK(json.at("steady_state").at("start_up") == 1200);
  CHECK(json.at("until").is_null());
}
