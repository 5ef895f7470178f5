#include "models/lifecycle/drift_config.hpp"

#include <fmt/format.h>

#include <initializer_list>

namespace rehearse::models {
namespace {

using config::Node;
using config::Object;
using learning::Drift;
using learning::DriftKind;
using learning::DriftOf;

constexpr Duration kShortestPeriod = Duration::hours(2);
constexpr double kFarthest = 100;  // deviations, factors and logits beyond it are typing errors

/// Refuses what belongs to another kind of drift: `where` says to which.
void refuse_others(Object& object, std::initializer_list<const char*> keys, const char* where) {
  for (const char* key : keys) {
    if (const Node* node = object.find(key)) {
      config::fail(*node, fmt::format("\"{}\" belongs to {}, which this one is not", key, where));
    }
  }
}

Duration above_zero(const Node& node) {
  const Duration duration = config::to_duration(node);
  if (duration <= Duration{}) {
    config::fail(node, "found " + config::shown(node) + "; a time above 0 is allowed");
  }
  return duration;
}

void parse_course(Object& object, Drift& drift) {
  object.require("kind");
  const std::string kind =
      object.choice("kind", "", {"sudden", "incremental", "gradual", "recurring"});
  const bool takes_time = kind == "incremental" || kind == "gradual";
  if (takes_time) {
    drift.kind = kind == "gradual" ? DriftKind::gradual : DriftKind::incremental;
    drift.over = above_zero(object.require("over"));
  } else {
    refuse_others(object, {"over"}, "an incremental or gradual drift");
  }
  if (kind == "recurring") {
    drift.kind = DriftKind::recurring;
    drift.period = above_zero(object.require("period"));
    if (drift.period < kShortestPeriod) {
      const Node& period = object.require("period");
      config::fail(period,
                   "found " + config::shown(period) +
                       "; a world keeps its state through an hour, so at least 2h is allowed");
    }
    const bool square = object.choice("shape", "sine", {"sine", "square"}) == "square";
    drift.shape = square ? learning::Wave::square : learning::Wave::sine;
  } else {
    refuse_others(object, {"period", "shape"}, "a recurring drift");
  }
}

void parse_covariate(Object& object, const Features& features, Drift& drift) {
  drift.of = DriftOf::covariate;
  drift.features = to_features(object.require("features"), features);
  drift.shift = object.number("shift", 0, {-kFarthest, kFarthest});
  drift.scale = object.number("scale", 1, {0, kFarthest, true});
  if (object.has("shift") || object.has("scale")) return;
  config::fail(
      object.node(),
      "this drift moves nothing; \"shift\" moves the mean by so many deviations, \"scale\" "
      "multiplies the deviation");
}

void parse_missing(Object& object, const Features& features, Drift& drift) {
  drift.of = DriftOf::missing;
  drift.features = to_features(object.require("features"), features);
  drift.rate = config::to_probability(object.require("rate"));
}

void parse_what(Object& object, const Features& features, Drift& drift) {
  object.require("of");
  const std::string of = object.choice("of", "", {"covariate", "concept", "label", "missing"});
  if (of == "covariate") parse_covariate(object, features, drift);
  if (of == "missing") parse_missing(object, features, drift);
  if (of == "concept") {
    drift.of = DriftOf::concept_;
    drift.rotate = config::to_number(object.require("rotate"), {-360, 360});
  }
  if (of == "label") {
    drift.of = DriftOf::label;
    drift.logit = config::to_number(object.require("logit"), {-kFarthest, kFarthest});
  }
  if (of != "covariate") refuse_others(object, {"shift", "scale"}, "a covariate drift");
  if (of != "concept") refuse_others(object, {"rotate"}, "a concept drift");
  if (of != "label") refuse_others(object, {"logit"}, "a label drift");
  if (of != "missing") refuse_others(object, {"rate"}, "a missing drift");
  if (drift.features.empty()) {
    refuse_others(object, {"features"}, "a covariate or missing drift");
  }
}

void parse_times(Object& object, Duration duration, Drift& drift) {
  const Node& at = object.require("at");
  drift.at = Time{} + config::to_duration(at);
  if (drift.at >= Time{} + duration) {
    config::fail(at, "found " + config::shown(at) + "; the run is over before the drift begins");
  }
  const Node* until = object.find("until");
  if (until == nullptr || (until->kind == config::Kind::string && until->text == "never")) return;
  drift.until = Time{} + config::to_duration(*until);
  if (drift.until <= drift.at) {
    config::fail(*until, "found " + config::shown(*until) + "; a drift ends after it begins, at " +
                             config::shown(at));
  }
}

Drift parse_drift(const Node& node, const Features& features, Duration duration) {
  Object object(node);
  Drift drift;
  parse_times(object, duration, drift);
  parse_course(object, drift);
  parse_what(object, features, drift);
  drift.benign = object.boolean("benign", drift.benign);
  object.done();
  return drift;
}

}  // namespace

std::vector<Drift> parse_drifts(const Node& node, const Features& features, Duration duration) {
  if (node.kind != config::Kind::array) {
    config::fail(node, "found " + config::shown(node) + "; a list of drifts is allowed");
  }
  std::vector<Drift> drifts;
  for (const Node& item : node.items) drifts.push_back(parse_drift(item, features, duration));
  return drifts;
}

}  // namespace rehearse::models
