// The rule by hand, and minute by minute against reference/serving.json.
#include "lifecycle/error_rule.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "fixtures.hpp"
#include "stats/count_draws.hpp"

using namespace rehearse;
using namespace rehearse::lifecycle;
using nlohmann::json;

namespace {

/// In which minute it fires, of `most`; 0 when in none.
int fired_in(stats::Stream& stream, std::uint64_t requests, double errors, int most) {
  ErrorRule rule({0.01, 0, 2});
  for (int minute = 1; minute <= most; ++minute) {
    if (rule.minute(requests, stats::draw_binomial(stream, requests, errors))) return minute;
  }
  return 0;
}

}  // namespace

TEST_CASE("the rule looks back over two minutes, or over as many as hold enough requests") {
  ErrorRule rule;
  REQUIRE_FALSE(rule.minute(1000, 1000));  // one minute is not enough
  REQUIRE(rule.minute(1000, 0));           // half of two thousand
  REQUIRE_FALSE(rule.minute(1000, 20));    // 1% of two thousand is not above
  REQUIRE(rule.minute(1000, 21));
  ErrorRule quiet;
  for (int i = 1; i < 10; ++i) REQUIRE_FALSE(quiet.minute(100, 5));  // fewer than a thousand
  REQUIRE(quiet.minute(100, 5));
  for (int i = 0; i < 7; ++i) REQUIRE(quiet.minute(100, 0));
  REQUIRE_FALSE(quiet.minute(100, 0));  // the last ten hold 10 errors
}

TEST_CASE("without requests nothing fires, and another version begins anew") {
  ErrorRule rule({0.01, 0, 2});
  for (int i = 0; i < 5; ++i) REQUIRE_FALSE(rule.minute(0, 0));
  REQUIRE(rule.minute(10, 10));
  rule.restart();
  REQUIRE_FALSE(rule.minute(10, 10));
  REQUIRE(rule.minute(10, 10));
}

TEST_CASE("the rule fires as often, minute by minute, as the reference says") {
  constexpr int kTrials = 4000, kMinutes = 60;
  std::ifstream file(test::reference_path("serving.json"));
  const json reference = json::parse(file);
  int number = 0;
  for (const json& given : reference["error_rule"]) {
    int fired[kMinutes + 1] = {};
    stats::Stream stream(1, 0, "error-rule/" + std::to_string(number++));
    for (int trial = 0; trial < kTrials; ++trial) {
      ++fired[fired_in(stream, given["requests_per_minute"], given["error_probability"], kMinutes)];
    }
    int by_now = 0;
    for (int minute = 1; minute <= kMinutes; ++minute) {
      by_now += fired[minute];
      const std::string name = "fired_by_minute_" + std::to_string(minute);
      if (!given["expected"].contains(name)) continue;
      const double chance = given["expected"][name];
      const double error = std::sqrt(chance * (1 - chance) / kTrials);
      CAPTURE(given["requests_per_minute"], given["error_probability"], minute, by_now);
      // Chances as small as one in the trials are counts of Poisson's law: one more is no surprise.
      CHECK(std::abs(double(by_now) / kTrials - chance) <= 4 * error + 1.0 / kTrials);
    }
  }
  REQUIRE(number >= 9);
}
