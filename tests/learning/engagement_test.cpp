// Every case of reference/engagement.json but the slates, within the tolerances its `about` states,
// and what has to hold between rates.
#include "learning/engagement.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "reference_file.hpp"
#include "stats/distributions.hpp"
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

World random_world(stats::Stream& stream, double strength) {
  World world = World::standard(5, -3 + 2 * stream.uniform());
  for (std::size_t j = 0; j < 5; ++j) {
    world.weights[j] = strength * stream.normal() / std::sqrt(5);
    world.mean[j] = stream.normal();
    world.deviation[j] = 0.5 + stream.uniform();
  }
  return world;
}

double spread(const World& world) {
  double variance = 0;
  for (std::size_t j = 0; j < world.features(); ++j) {
    variance += std::pow(world.weights[j] * world.deviation[j], 2);
  }
  return std::sqrt(variance);
}

/// E of a linear relation as the double integral that it is, with steps far below what is needed.
double by_fine_steps(const World& world, const Values& weights, std::size_t candidates) {
  double score = 0, shared = 0, mean = world.intercept;
  for (std::size_t j = 0; j < weights.size(); ++j) {
    const double variance = std::pow(world.deviation[j], 2);
    score += weights[j] * weights[j] * variance;
    shared += weights[j] * world.weights[j] * variance;
    mean += world.weights[j] * world.mean[j];
  }
  const double v = spread(world), along = shared / std::sqrt(score);
  const double across = std::sqrt(std::max(0.0, v * v - along * along));
  double sum = 0;
  for (double u = -8; u <= 8; u += 0.01) {
    double chance = 0;
    for (double z = -8; z <= 8; z += 0.02) {
      chance += 0.02 * stats::normal_density(z) * click_probability(mean + along * u + across * z);
    }
    sum += 0.01 * double(candidates) * stats::normal_density(u) *
           std::pow(stats::normal_cdf(u), double(candidates) - 1) * chance;
  }
  return sum;
}

/// The bound of a world whose feature 0 is curved, as 1 minus the integral of sigma'(e) F(e)^K.
double curved_by_fine_steps(const World& world, std::size_t candidates) {
  double rest = 0, mean = world.intercept;
  for (std::size_t j = 1; j < world.features(); ++j) {
    rest += std::pow(world.weights[j] * world.deviation[j], 2);
    mean += world.weights[j] * world.mean[j];
  }
  rest = std::sqrt(rest);
  double sum = 0;
  for (double e = -25; e <= 25; e += 0.02) {
    double below = 0;
    for (double z = -8; z <= 8; z += 0.01) {
      const double x = world.mean[0] + world.deviation[0] * z;
      const double m = mean + world.weights[0] * x + world.curvature.value * (x * x - 1);
      below += 0.01 * stats::normal_density(z) * stats::normal_cdf((e - m) / rest);
    }
    const double p = click_probability(e);
    sum += 0.02 * p * (1 - p) * std::pow(below, double(candidates));
  }
  return 1 - sum;
}

}  // namespace

TEST_CASE("click rates reproduce the reference numbers") {
  const json file = test::load_reference("engagement.json");
  for (const json& one : file.at("cases")) {
    DYNAMIC_SECTION(one["name"].get<std::string>()) { check_case(one); }
  }
}

TEST_CASE("the logistic-normal integral reproduces the reference numbers") {
  const json file = test::load_reference("engagement.json");
  for (const json& one : file.at("logistic_normal")) {
    CAPTURE(one.dump());
    const LogisticNormal integral(one["deviation"].get<double>());
    CHECK(std::abs(integral(one["mean"]) - one["value"].get<double>()) <= 1e-9);
  }
}

TEST_CASE("the largest of K normals has the reference moments") {
  const json file = test::load_reference("engagement.json");
  for (const json& one : file.at("best_of")) {
    CAPTURE(one.dump());
    const std::size_t candidates = one["candidates"];
    const double mean = best_of(candidates, 0.25, [](double u) { return u; });
    const double square = best_of(candidates, 0.25, [](double u) { return u * u; });
    CHECK(std::abs(mean - one["mean"].get<double>()) <= 1e-9);
    CHECK(std::abs(square - mean * mean - one["variance"].get<double>()) <= 1e-9);
  }
}

TEST_CASE("rates of relations up to eight deviations wide are those of far finer steps") {
  stats::Stream stream(111, 0, "wide");
  for (const double strength : {0.3, 1.5, 4.0, 8.0}) {
    for (const std::size_t candidates : {2, 5, 20}) {
      const World world = random_world(stream, strength);
      Values weights = world.weights;
      for (double& weight : weights) weight += 0.3 * strength * stream.normal();
      CAPTURE(strength, candidates, spread(world));
      const double fine = by_fine_steps(world, weights, candidates);
      CHECK(std::abs(expected_engagement(world, {weights}, {candidates, 0}) - fine) <= 1e-7);
    }
  }
}

TEST_CASE("the bound of a curved relation is that of far finer steps") {
  stats::Stream stream(112, 0, "curved");
  for (const double curvature : {-0.25, 0.3}) {
    for (const double strength : {0.3, 1.5}) {
      World world = random_world(stream, strength);
      world.curvature = {0, curvature};
      CAPTURE(curvature, strength);
      const double fine = curved_by_fine_steps(world, 5);
      CHECK(std::abs(engagement_bound(world, {5, 0}) - fine) <= 1e-7);
    }
  }
}

TEST_CASE("a relation of its curved feature alone has a bound within the error that is told") {
  World world = World::standard(2, -2);
  world.weights[0] = 0.8;
  world.curvature = {0, -0.25};
  // Exact: the best of K lies above e unless all do not; eta is a parabola of one normal variable.
  const auto below = [](double e) {
    const double root = std::sqrt(std::max(0.0, 0.64 - e - 1.75));
    if (e > 0.64 - 1.75) return 1.0;
    return 1 - (stats::normal_cdf(1.6 + 2 * root) - stats::normal_cdf(1.6 - 2 * root));
  };
  double sum = 0;
  const double step = 1e-4;
  for (double e = -40 + step / 2; e < 40; e += step) {
    const double p = click_probability(e);
    sum += step * p * (1 - p) * std::pow(below(e), 5);
  }
  CHECK(std::abs(engagement_bound(world, {5, 0}) - (1 - sum)) < 3e-4);
}

TEST_CASE("no score earns more than the bound, and the true weights earn it") {
  stats::Stream stream(113, 0, "bound");
  for (int run = 0; run < 200; ++run) {
    CAPTURE(run);
    const World world = random_world(stream, 2 * stream.uniform());
    const ServingPolicy serving{1 + std::size_t(stream.below(9)), stream.uniform()};
    const double bound = engagement_bound(world, serving);
    Values weights(5), retention(5);
    for (double& weight : weights) weight = stream.normal();
    for (double& kept : retention) kept = stream.uniform();
    CHECK(expected_engagement(world, {weights}, serving) <= bound + 1e-9);
    CHECK(expected_engagement(world, {world.weights, retention}, serving) <= bound + 1e-9);
    CHECK(std::abs(expected_engagement(world, {world.weights}, serving) - bound) <= 1e-9);
    CHECK(expected_auc(world, {weights}) <= expected_auc(world, {world.weights}) + 1e-7);
  }
}

TEST_CASE("only the direction of a score counts, and a score turned round loses as much") {
  stats::Stream stream(114, 0, "direction");
  const World world = random_world(stream, 1.5);
  Values weights = {0.3, -1, 0.2, 0.7, 0.1}, longer = weights, turned = weights;
  for (double& weight : longer) weight *= 37;
  for (double& weight : turned) weight = -weight;
  CHECK(expected_engagement(world, {longer}, {}) ==
        Approx(expected_engagement(world, {weights}, {})).epsilon(1e-12));
  CHECK(expected_auc(world, {turned}) == Approx(1 - expected_auc(world, {weights})).margin(1e-7));
}
