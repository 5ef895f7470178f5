#include "models/lifecycle/world_config.hpp"

#include <fmt/format.h>

#include <cmath>

#include "models/lifecycle/drift_config.hpp"

namespace rehearse::models {
namespace {

using config::Node;
using config::Object;

// Beyond it every answer is certain, and the integrals would have to be cut finer than they are.
constexpr double kStrongest = 200;
constexpr double kFarthestIntercept = 50;
constexpr std::int64_t kMostCandidates = 1000;
constexpr std::int64_t kMostMembers = 1'000'000'000;
constexpr std::int64_t kMostLogged = 100'000;

std::vector<double> parse_weights(const Node& node, const Features& features) {
  if (node.kind != config::Kind::array) {
    if (node.kind == config::Kind::string && node.text == "drawn") return {};
    config::fail(node, "found " + config::shown(node) + "; allowed is \"drawn\" or a list of " +
                           std::to_string(features.count()) + " numbers");
  }
  if (node.items.size() != features.count()) {
    config::fail(node, fmt::format("found {} weights for {} features; one each is allowed",
                                   node.items.size(), features.count()));
  }
  std::vector<double> weights;
  double squares = 0;
  for (const Node& item : node.items) {
    weights.push_back(config::to_number(item, {-kStrongest, kStrongest}));
    squares += weights.back() * weights.back();
  }
  if (std::sqrt(squares) > kStrongest) {
    config::fail(node, fmt::format("these weights have a length of {:.6g}; at most {:g} is allowed",
                                   std::sqrt(squares), kStrongest));
  }
  return weights;
}

learning::Curvature parse_curvature(const Node& node, const Features& features) {
  if (node.kind == config::Kind::string && node.text == "none") return {};
  Object object(node);
  learning::Curvature curvature;
  curvature.feature = to_feature(object.require("feature"), features);
  curvature.value = config::to_number(object.require("value"), {-kStrongest, kStrongest});
  object.done();
  return curvature;
}

learning::Relation parse_relation(const Node& node, const Features& features) {
  Object object(node);
  learning::Relation relation;
  relation.intercept =
      object.number("intercept", relation.intercept, {-kFarthestIntercept, kFarthestIntercept});
  relation.strength = object.number("strength", relation.strength, {0, kStrongest, true});
  if (const Node* weights = object.find("weights")) {
    relation.weights = parse_weights(*weights, features);
  }
  if (const Node* strength = object.find("strength"); strength && !relation.weights.empty()) {
    config::fail(*strength,
                 "\"strength\" is the length of weights that are drawn; these are given");
  }
  if (const Node* curvature = object.find("curvature")) {
    relation.curvature = parse_curvature(*curvature, features);
  }
  object.done();
  return relation;
}

learning::Traffic parse_traffic(const Node& node) {
  Object object(node);
  learning::Traffic traffic;
  if (const Node* rate = object.find("rate")) {
    traffic.rate = config::to_rate(*rate);
    if (traffic.rate.count <= 0) {
      config::fail(*rate, "a model that nobody asks learns nothing; allowed is a rate above 0");
    }
  }
  traffic.daily = object.number("daily", traffic.daily, {0, 1});
  traffic.peak = object.number("peak", traffic.peak, {0, 24});
  traffic.weekend = object.number("weekend", traffic.weekend, {0, 100});
  traffic.members = static_cast<std::uint64_t>(
      object.integer("members", static_cast<std::int64_t>(traffic.members), 1, kMostMembers));
  traffic.log = static_cast<std::size_t>(
      object.integer("log", static_cast<std::int64_t>(traffic.log), 1, kMostLogged));
  object.done();
  return traffic;
}

/// Places what only the world as a whole can tell.
void check_world(const lifecycle::ModelSettings& settings, const Node& model) {
  try {
    const learning::ChangingWorld world(settings.name, settings.world);
  } catch (const learning::BadDrift& bad) {
    config::fail(model.find("drifts")->items.at(bad.number()), bad.why());
  }
}

}  // namespace

void parse_world(Object& model, const Features& features, Duration duration,
                 lifecycle::ModelSettings& settings) {
  learning::WorldSettings& world = settings.world;
  world.features = features.count();
  if (const Node* relation = model.find("relation")) {
    world.relation = parse_relation(*relation, features);
  }
  if (const Node* drifts = model.find("drifts")) {
    world.drifts = parse_drifts(*drifts, features, duration);
  }
  learning::RequestSettings& requests = settings.requests;
  requests.serving.candidates = static_cast<std::size_t>(model.integer(
      "candidates", static_cast<std::int64_t>(requests.serving.candidates), 1, kMostCandidates));
  requests.serving.exploration = model.probability("exploration", requests.serving.exploration);
  if (const Node* traffic = model.find("traffic")) settings.traffic = parse_traffic(*traffic);
  requests.members = settings.traffic.members;
  requests.label_delay = stats::distribution_of(model, "label_delay", requests.label_delay);
  check_world(settings, model.node());
}

}  // namespace rehearse::models
