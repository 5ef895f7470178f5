// Canary incidents from public trackers, reduced to their mechanism: what went wrong with the plain
// judge, and what mends it.
#include <catch2/catch.hpp>
#include <limits>

#include "rollout/canary_judge.hpp"
#include "rollout/lint.hpp"
#include "rollout/power.hpp"
#include "rollout/release.hpp"
#include "rollout/release_queue.hpp"
#include "stats/random.hpp"

using namespace rehearse;
using namespace rehearse::rollout;
using Values = std::vector<double>;

namespace {

const double kMissing = std::numeric_limits<double>::quiet_NaN();

CanaryConfig config_of(const std::string& canary) {
  return read_canary_config(config::parse(
      R"({"metrics":[{"name":"errors","groups":["g"],"analysisConfigurations":{"canary":)" +
          canary + "}}]}",
      "canary.json"));
}

bool warns(const std::vector<Warning>& warnings, const std::string& code) {
  for (const Warning& warning : warnings) {
    if (warning.code == code) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("canary without baseline data: an empty baseline no longer passes a failing canary") {
  const std::map<std::string, Series> series = {{"errors", {{}, Values(30, 40.0)}}};
  const CanaryConfig plain =
      config_of(R"({"direction":"increase","nanStrategy":"replace","mustHaveData":true})");
  REQUIRE(judge(plain, series).scores.verdict == CanaryVerdict::pass);  // what Kayenta does
  REQUIRE(warns(lint(plain, series), "nan-passes"));
  REQUIRE(warns(lint(plain, series), "no-data"));
  const CanaryConfig removed =
      config_of(R"({"direction":"increase","nanStrategy":"remove","mustHaveData":true})");
  REQUIRE(judge(removed, series).scores.verdict == CanaryVerdict::fail);
  const std::map<std::string, Series> unreported = {
      {"errors", {Values(30, kMissing), Values(30, 40.0)}}};
  const CanaryConfig sparse =
      config_of(R"({"direction":"increase","nanStrategy":"remove","sparse":true})");
  REQUIRE(judge(sparse, unreported).metrics[0].label == Label::high);
}

TEST_CASE("canary too short: +650% passes on three points, and lint and power say so before") {
  const std::map<std::string, Series> series = {{"errors", {{2, 30, 1}, {20, 28, 200}}}};
  const CanaryConfig config = config_of(R"({"direction":"increase","critical":true})");
  const Judgement judgement = judge(config, series);
  REQUIRE(*judgement.metrics[0].mean_ratio > 7.5);
  REQUIRE(judgement.scores.verdict == CanaryVerdict::pass);
  REQUIRE(warns(lint(config, series), "too-few-points"));
  Values noisy(200);
  stats::Stream stream(601, 0, "noisy");
  for (double& v : noisy) v = stream.exponential(10);
  PowerSettings settings;
  settings.points = {3, 60};
  settings.traffic = {1};
  settings.regressions = {2};
  settings.trials = 100;
  const auto rows = simulate_power(config, {{"errors", noisy}}, settings);
  REQUIRE(rows[0].passed > 30);
  REQUIRE(rows[1].passed <= 5);
}

TEST_CASE("metrics outage during a rollout: measurements that all failed are no success") {
  const Values gone(30, kMissing);
  for (const char* canary :
       {R"({"nanStrategy":"remove"})", R"({"critical":true})", R"({"mustHaveData":true})"}) {
    const Judgement judgement = judge(config_of(canary), {{"errors", {gone, gone}}});
    REQUIRE(judgement.scores.verdict == CanaryVerdict::fail);
  }
}

TEST_CASE("rollback lost in a wait: a newer version cannot end the rollback of an older one") {
  ReleaseQueue queue;
  REQUIRE(queue.submit("v1"));
  Release release("v1", {});
  for (const Event event :
       {Event::training_complete, Event::metrics_pass_gates, Event::canary_launched,
        Event::collecting_metrics, Event::canary_fails}) {
    REQUIRE(release.request(event, Time{0}));
  }
  REQUIRE_FALSE(queue.submit("v2"));  // it waits
  REQUIRE_THROWS_AS(release.request(Event::fix_and_retry, Time{1}), IllegalTransition);
  REQUIRE(release.state() == State::rollback);
  release.rollback_finished(Time{2});
  REQUIRE(queue.settled() == "v2");
}
