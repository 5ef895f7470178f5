// Rules on their way to routers, by hand and against reference/serving.json.
#include "lifecycle/routes.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "fixtures.hpp"
#include "stats/moments.hpp"

using namespace rehearse;
using namespace rehearse::lifecycle;
using nlohmann::json;

namespace {

Time second(double count) { return Time{} + Duration::from_seconds(count); }

stats::Stream stream_of(int number) { return {4, 0, "rule/" + std::to_string(number)}; }

std::vector<Arm> with_canary() {
  return {{Role::production, 1, 0.9}, {Role::baseline, 1, 0.05}, {Role::canary, 2, 0.05}};
}

double share_of(const std::vector<Arm>& arms, Role role, std::int64_t version) {
  double share = 0;
  for (const Arm& arm : arms) share += arm.role == role && arm.version == version ? arm.share : 0;
  return share;
}

}  // namespace

TEST_CASE("a rule is in force router by router, once its version is loaded") {
  Routes routes({}, 1);
  REQUIRE(routes.arms(second(0)) == std::vector<Arm>{{Role::production, 1, 1}});
  const RuleChange change = routes.change(with_canary(), true, stream_of(1), second(10));
  REQUIRE((change.loaded > second(10) && change.first >= change.loaded));
  REQUIRE(routes.next_change(second(10)) == change.first);
  REQUIRE_FALSE(routes.serves(2, change.first - Duration{1}));
  REQUIRE(routes.serves(2, change.first));
  int applied = 0;
  for (auto at = routes.next_change(second(10)); at; at = routes.next_change(*at)) {
    ++applied;
    CHECK(share_of(routes.arms(*at), Role::canary, 2) == Approx(0.05 * applied / 6));
    CHECK(share_of(routes.arms(*at), Role::production, 1) == Approx(1 - 0.1 * applied / 6));
  }
  REQUIRE(applied == 6);
  REQUIRE(routes.arms(change.last).size() == 3);
}

TEST_CASE("what is loaded goes out at once, with the same delays of the routers") {
  Routes loading({}, 1), warm({}, 1);
  const RuleChange slow = loading.change(with_canary(), true, stream_of(1), second(0));
  const RuleChange fast = warm.change(with_canary(), false, stream_of(1), second(0));
  REQUIRE(fast.loaded == second(0));
  REQUIRE(slow.last - slow.loaded == fast.last - fast.loaded);
}

TEST_CASE("a router never applies an older rule after a newer one") {
  RoutingSettings settings;
  settings.propagation =
      stats::Distribution(stats::Distribution::Uniform{Duration::seconds(1), Duration::minutes(5)});
  Routes many(settings, 1);
  std::int64_t seen = 0;
  for (int number = 1; number <= 200; ++number) {
    const Time now = second(number);
    many.change({{Role::production, number, 1}}, false, stream_of(number), now);
    const auto oldest = many.arms(now).front().version;
    CHECK(oldest >= seen);
    seen = oldest;
  }
}

TEST_CASE("the slowest router is as slow as the reference says") {
  constexpr int kTrials = 20'000;
  std::ifstream file(test::reference_path("serving.json"));
  const json reference = json::parse(file);
  int checked = 0;
  for (const json& given : reference["slowest_router"]) {
    RoutingSettings settings;
    settings.routers = given["routers"];
    settings.propagation = stats::Distribution(stats::Distribution::Exponential{
        Duration::from_seconds(given["delay_mean_seconds"].get<double>())});
    stats::Moments slowest;
    int above = 0;
    for (int trial = 0; trial < kTrials; ++trial) {
      Routes routes(settings, 1);
      const int number = checked * kTrials + trial;
      const RuleChange change =
          routes.change({{Role::production, 2, 1}}, false, stream_of(number), Time{});
      slowest.add(change.last.to_seconds());
      above += change.last.to_seconds() > given["limit_seconds"].get<double>() ? 1 : 0;
    }
    const json& expected = given["expected"];
    const double error = slowest.sample_deviation() / std::sqrt(double(kTrials));
    CAPTURE(given["routers"], given["delay_mean_seconds"], slowest.mean());
    CHECK(std::abs(slowest.mean() - expected["mean_seconds"].get<double>()) <= 4 * error);
    const double chance = expected["above_limit"];
    const double of_chance = std::sqrt(chance * (1 - chance) / kTrials);
    CHECK(std::abs(double(above) / kTrials - chance) <= 4 * of_chance + 1.0 / kTrials);
    ++checked;
  }
  REQUIRE(checked > 0);
}
