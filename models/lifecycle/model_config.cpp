#include "models/lifecycle/model_config.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/lifecycle/defect_config.hpp"
#include "models/lifecycle/feature_config.hpp"
#include "models/lifecycle/monitor_config.hpp"
#include "models/lifecycle/names.hpp"
#include "models/lifecycle/not_built.hpp"
#include "models/lifecycle/population_config.hpp"
#include "models/lifecycle/release_config.hpp"
#include "models/lifecycle/training_config.hpp"
#include "models/lifecycle/world_config.hpp"

namespace rehearse::models {
namespace {

using config::Node;
using config::Object;

constexpr std::int64_t kMostAlike = 10'000;
constexpr std::int64_t kMostOwners = 1000;

lifecycle::Artefact parse_artefact(const Node& node) {
  Object object(node);
  lifecycle::Artefact artefact;
  artefact.errors = object.probability("errors", artefact.errors);
  artefact.latency = stats::distribution_of(object, "latency", artefact.latency);
  artefact.deadline = object.duration("deadline", artefact.deadline);
  if (artefact.deadline <= Duration{}) {
    config::fail(object.require("deadline"), "every answer is late; allowed is a time above 0");
  }
  object.done();
  return artefact;
}

void parse_learner(Object& object) {
  const Node* learner = object.find("learner");
  if (learner == nullptr) return;
  if (learner->kind == config::Kind::string && learner->text == "popularity") {
    fail_not_built(*learner, "the learner \"popularity\"");
  }
  object.choice("learner", "logistic", {"logistic"});
}

ModelLine parse_identity(Object& object) {
  ModelLine line;
  lifecycle::ModelSettings& settings = line.settings;
  settings.name = to_name(object.require("name"));
  const Node* objective = object.find("objective");
  line.objective = objective == nullptr ? settings.name : to_name(*objective);
  const Node* team = object.find("team");
  settings.team = team == nullptr ? settings.name + "-team" : to_name(*team);
  settings.owners = static_cast<int>(object.integer("owners", settings.owners, 0, kMostOwners));
  return line;
}

ModelLine parse_one(Object& object, Duration duration) {
  refuse_not_built(object, {"items", "proposals"});
  parse_learner(object);
  ModelLine line = parse_identity(object);
  lifecycle::ModelSettings& settings = line.settings;
  const Node* population = object.find("population");
  const Features features =
      population ? Features{population_features(*population), {}} : parse_features(object);
  const Node* listed = object.find("features");
  const bool named = listed != nullptr && listed->kind == config::Kind::array;
  if (named) settings.feature_names = features.names;
  parse_world(object, features, duration, settings);
  if (const Node* node = object.find("artefact")) settings.artefact = parse_artefact(*node);
  settings.training.data.features = features.traits;
  if (const Node* node = object.find("training")) {
    settings.training = parse_training(*node, features);
  }
  if (const Node* node = object.find("gates")) settings.gates = parse_gates(*node);
  if (const Node* node = object.find("release")) settings.release = parse_release(*node);
  if (const Node* node = object.find("monitors")) {
    settings.monitors = parse_monitors(*node, features);
  }
  if (const Node* node = object.find("samples")) settings.samples = parse_samples(*node);
  if (const Node* node = object.find("defects")) settings.defects = parse_defects(*node, features);
  if (population != nullptr) take_population(object, duration, settings);
  return line;
}

}  // namespace

std::vector<ModelLine> parse_model(const Node& node, Duration duration) {
  Object object(node);
  const std::int64_t count = object.integer("count", 1, 1, kMostAlike);
  const ModelLine one = parse_one(object, duration);
  object.done();
  if (count == 1) return {one};
  const std::size_t width = std::max<std::size_t>(3, std::to_string(count - 1).size());
  std::vector<ModelLine> lines(static_cast<std::size_t>(count), one);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string number = fmt::format("-{:0{}}", i, width);
    lines[i].settings.name += number;
    lines[i].objective += number;
  }
  return lines;
}

}  // namespace rehearse::models
