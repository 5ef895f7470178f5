// Every case of reference/engagement.json but the slates, within the tolerances its `about` states,
// and what has to hold between rates.
#include "learning/engagement.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "reference_file.hpp"
#include "stats/random.hpp"

using namespace rehearse;
using namespace rehearse::learning;
using nlohmann::json;
using Values = std::vector<double>;

namespace {

World world_of(const json& given, const Values& absent) {
  World world;
  world.intercept = given["alpha"];
  world.weights = given["beta"].get<Values>();
  world.mean = given["mean"].get<Values>();
  world.deviation = given["deviation"].get<Values>();
  world.absent = absent;
  if (!given["curvature"].is_null()) {
    world.curvature = {given["curvature"]["feature"], given["curvature"]["value"]};
  }
  return world;
}

Worlds worlds_of(const json& one) {
  const Values absent = one["missing"];
  Worlds worlds = {{1, 0, world_of(one["world"], absent)}};
  if (!one["gradual"].is_null()) {
    const double share = one["gradual"]["share"];
    worlds[0].share = 1 - share;
    worlds.push_back({share, 1, world_of(one["gradual"]["world"], absent)});
  }
  return worlds;
}

void check_case(const json& one) {
  const Worlds worlds = worlds_of(one);
  const Values weights = one["model"], retention = one["retention"];
  const ServedScore score{weights, retention};
  const ServingPolicy explored{one["candidates"], one["exploration"]};
  const ServingPolicy always{explored.candidates, 0};
  const json& expected = one["expected"];
  const auto close = [&](double value, const char* name, double tolerance) {
    INFO(name << ": " << value << ", off by " << value - expected[name].get<double>());
    CHECK(std::abs(value - expected[name].get<double>()) <= tolerance);
  };
  double random = 0;
  for (const WorldPart& part : worlds) random += part.share * random_engagement(part.world);
  close(random, "random", 1e-7);
  close(engagement_bound(worlds, always), "bayes", 1e-7);
  close(expected_engagement(worlds, score, always), "model", 1e-7);
  const double earned = expected_engagement(worlds, score, explored);
  const double bound = engagement_bound(worlds, explored);
  close(earned, "model_with_exploration", 1e-7);
  close(bound, "bayes_with_exploration", 1e-7);
  close(1 - earned / bound, "lost", 1e-6);
  if (expected.contains("auc")) close(expected_auc(worlds[0].world, score), "auc", 1e-6);
}

}  // namespace

TEST_CASE("click rates reproduce the reference numbers") {
  const json file = load_reference("engagement.json");
  for (const json& one : file.at("cases")) {
    DYNAMIC_SECTION(one["name"].get<std::string>()) { check_case(one); }
  }
}

TEST_CASE("the logistic-normal integral reproduces the reference numbers") {
  const json file = load_reference("engagement.json");
  for (const json& one : file.at("logistic_normal")) {
    CAPTURE(one.dump());
    const LogisticNormal integral(one["deviation"].get<double>());
    CHECK(std::abs(integral(one["mean"]) - one["value"].get<double>()) <= 1e-9);
  }
}

TEST_CASE("the largest of K normals has the reference moments") {
  const json file = load_reference("engagement.json");
  for (const json& one : file.at("best_of")) {
    CAPTURE(one.dump());
    const std::size_t candidates = one["candidates"];
    const double mean = best_of(candidates, 0.25, [](double u) { return u; });
    const double square = best_of(candidates, 0.25, [](double u) { return u * u; });
    CHECK(std::abs(mean - one["mean"].get<double>()) <= 1e-9);
    CHECK(std::abs(square - mean * mean - one["variance"].get<double>()) <= 1e-9);
  }
}
