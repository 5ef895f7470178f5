#include "drift/monitor.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "base/error.hpp"

using namespace rehearse;
using namespace rehearse::drift;
using Catch::Contains;

namespace {

Policy shipped(const std::string& name) {
  for (const Policy& policy : shipped_policies()) {
    if (policy.name == name) return policy;
  }
  FAIL("no policy " << name);
  return {};
}

Policy policy_of(const std::string& text) { return read_policy(config::parse(text, "p.json")); }

std::vector<double> sample(double shift) {
  std::vector<double> values;
  for (int i = 0; i < 200; ++i) values.push_back(i / 200.0 + shift);
  return values;
}

/// Days (from 1) on which the monitor asks for the action.
std::vector<int> days_of(Monitor& monitor, ActionKind kind, const std::vector<double>& daily) {
  std::vector<int> days;
  for (std::size_t day = 1; day <= daily.size(); ++day) {
    const Time now{Duration::days(static_cast<int>(day)).ns};
    for (const Action& action : monitor.check_value(now, daily[day - 1]).actions) {
      if (action.kind == kind) days.push_back(static_cast<int>(day));
    }
  }
  return days;
}

}  // namespace

TEST_CASE("the monitoring table ships as six policies") {
  std::vector<std::string> names;
  for (const Policy& policy : shipped_policies()) names.push_back(policy.name);
  REQUIRE(names == std::vector<std::string>{"mdl-qual-data", "mdl-rec-data", "mdl-rec-concept",
                                            "mdl-rec-prediction", "mdl-search-data",
                                            "mdl-search-concept"});
  REQUIRE(shipped("mdl-rec-data").every == Duration::hours(1));
  REQUIRE(shipped("mdl-rec-concept").baseline.window == Duration::days(30));
  REQUIRE(shipped("mdl-search-concept").responses.front().checks == 5);
}

TEST_CASE("data drift of the recommender alerts at the third check and retrains after a day") {
  Monitor monitor(shipped("mdl-rec-data"));
  const auto reference = sample(0), shifted = sample(0.5);
  std::vector<int> alerts, retrainings;
  for (int hour = 1; hour <= 30; ++hour) {
    const Check check = monitor.check_samples(Time{Duration::hours(hour).ns}, reference,
                                              hour < 3 ? reference : shifted);
    for (const Action& action : check.actions) {
      (action.kind == ActionKind::alert ? alerts : retrainings).push_back(hour);
    }
  }
  REQUIRE(alerts == std::vector<int>{5});        // checks 3, 4, 5
  REQUIRE(retrainings == std::vector<int>{28});  // 25 hours after check 3, longer than 24
}

TEST_CASE("a check without drift ends an episode") {
  Monitor monitor(shipped("mdl-rec-data"));
  const auto reference = sample(0), shifted = sample(0.5);
  for (int hour = 1; hour <= 20; ++hour) {
    const Check check = monitor.check_samples(Time{Duration::hours(hour).ns}, reference,
                                              hour % 3 == 0 ? reference : shifted);
    REQUIRE(check.actions.empty());
  }
}

TEST_CASE("engagement five percent under its rolling baseline for three days asks for retraining") {
  Monitor monitor(shipped("mdl-rec-concept"));
  std::vector<double> daily(30, 0.20);
  for (int i = 0; i < 6; ++i) daily.push_back(0.18);
  REQUIRE(days_of(monitor, ActionKind::retrain, daily) == std::vector<int>{33});
  Monitor steady(shipped("mdl-rec-concept"));
  std::vector<double> small(30, 0.20);
  for (int i = 0; i < 6; ++i) small.push_back(0.195);
  REQUIRE(days_of(steady, ActionKind::retrain, small).empty());
}

TEST_CASE("without enough values there is no baseline and no violation") {
  Monitor monitor(shipped("mdl-rec-concept"));
  REQUIRE(days_of(monitor, ActionKind::retrain, {1, 1, 0.1, 0.1, 0.1, 0.1}).empty());
}

TEST_CASE("one drift does not start a storm of retrainings") {
  const std::string base =
      R"("name":"p","every":"1d","conditions":[{"measure":"value","above":1}])";
  const std::vector<double> always(40, 2.0);
  Monitor uncapped(policy_of("{" + base + R"(,"responses":[{"action":"retrain"}]})"));
  REQUIRE(days_of(uncapped, ActionKind::retrain, always).size() == 40);
  Monitor cooled(
      policy_of("{" + base + R"(,"responses":[{"action":"retrain","cool_down":"10d"}]})"));
  REQUIRE(days_of(cooled, ActionKind::retrain, always) == std::vector<int>{1, 11, 21, 31});
  Monitor capped(policy_of(
      "{" + base +
      R"(,"responses":[{"action":"retrain","cool_down":"2d","cap":2,"cap_window":"30d"}]})"));
  REQUIRE(days_of(capped, ActionKind::retrain, always) == std::vector<int>{1, 3, 31, 33});
}

TEST_CASE("what is held back is said") {
  Monitor monitor(policy_of(R"({"name":"p","conditions":[{"measure":"value","above":1}],
      "responses":[{"action":"retrain","cool_down":"10d"}]})"));
  REQUIRE(monitor.check_value(Time{Duration::days(1).ns}, 2).actions.size() == 1);
  const Check second = monitor.check_value(Time{Duration::days(2).ns}, 2);
  REQUIRE(second.actions.empty());
  REQUIRE(second.held_back.size() == 1);
}

TEST_CASE("a check without data neither violates nor ends an episode") {
  Monitor monitor(policy_of(R"({"name":"p","conditions":[{"measure":"value","above":1}],
      "responses":[{"action":"alert","checks":2}]})"));
  REQUIRE(monitor.check_value(Time{Duration::days(1).ns}, 2).in_a_row == 1);
  const Check gap = monitor.check_value(Time{Duration::days(2).ns}, std::nan(""));
  REQUIRE_FALSE(gap.violated);
  REQUIRE(gap.in_a_row == 1);
  REQUIRE(monitor.check_value(Time{Duration::days(3).ns}, 2).actions.size() == 1);
}

TEST_CASE("a large sample alone is no reason to retrain the quality model") {
  Monitor monitor(shipped("mdl-qual-data"));
  std::vector<double> reference, current;
  for (int i = 0; i < 20'000; ++i) {
    reference.push_back(i / 20'000.0);
    current.push_back(i / 20'000.0 + 0.03);  // certain, and small
  }
  const Check check = monitor.check_samples(Time{Duration::days(7).ns}, reference, current);
  REQUIRE(*check.measured[0] < 1e-6);
  REQUIRE_FALSE(check.violated);
}

TEST_CASE("a policy with a slip is refused with its place") {
  REQUIRE_THROWS_WITH(policy_of(R"({"name":"p","conditons":[]})"), Contains("conditions"));
  REQUIRE_THROWS_WITH(
      policy_of(
          R"({"name":"p","conditions":[{"measure":"pis","above":1}],"responses":[{"action":"alert"}]})"),
      Contains("psi"));
  REQUIRE_THROWS_WITH(
      policy_of(
          R"({"name":"p","conditions":[{"measure":"psi"}],"responses":[{"action":"alert"}]})"),
      Contains("above"));
  REQUIRE_THROWS_WITH(
      policy_of(
          R"({"name":"p","conditions":[{"measure":"psi","above":1},{"measure":"value","above":1}],"responses":[{"action":"alert"}]})"),
      Contains("samples"));
  REQUIRE_THROWS_WITH(
      policy_of(R"({"name":"p","every":"0s","conditions":[{"measure":"psi","above":1}],
                                    "responses":[{"action":"alert"}]})"),
      Contains("above 0"));
}
