#include "lifecycle/defects.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>
#include <numeric>

#include "stats/roots.hpp"

namespace rehearse::lifecycle {
namespace {

using Weights = std::vector<double>;

double length(const Weights& weights) {
  return std::sqrt(std::inner_product(weights.begin(), weights.end(), weights.begin(), 0.0));
}

/// |w| u, u being a uniform unit vector orthogonal to w. REQUIRES: two weights, one of them not 0.
Weights across(const Weights& weights, stats::Stream& stream) {
  const double squared = length(weights) * length(weights);
  assert(weights.size() >= 2 && squared > 0);
  Weights u(weights.size());
  for (double& value : u) value = stream.normal();
  const double along = std::inner_product(u.begin(), u.end(), weights.begin(), 0.0) / squared;
  for (std::size_t j = 0; j < u.size(); ++j) u[j] -= along * weights[j];
  const double factor = length(weights) / length(u);
  for (double& value : u) value *= factor;
  return u;
}

Weights turned(const Weights& weights, const Weights& across, double degrees) {
  const double angle = degrees * std::numbers::pi / 180;
  Weights result(weights.size());
  for (std::size_t j = 0; j < result.size(); ++j) {
    result[j] = std::cos(angle) * weights[j] + std::sin(angle) * across[j];
  }
  return result;
}

/// The angle at which expected engagement has changed by a part of what it is; 180 degrees where
/// none loses as much.
double degrees_to(double engagement, const Weights& weights, const Weights& across,
                  const AtLaunch& launch) {
  assert(!launch.worlds.empty());
  const auto earned = [&](double degrees) {
    const Weights there = turned(weights, across, degrees);
    return learning::expected_engagement(launch.worlds, {there}, launch.serving);
  };
  const double target = (1 + engagement) * earned(0);
  if (engagement >= 0) return 0;
  if (earned(180) >= target) return 180;
  return stats::find_root([&](double degrees) { return earned(degrees) - target; }, 0, 180, 1e-9);
}

void swap_weights(Weights& weights, const Swap& swap) {
  if (swap.features) {
    std::swap(weights[swap.features->first], weights[swap.features->second]);
    return;
  }
  const auto [least, most] = std::minmax_element(weights.begin(), weights.end());
  std::swap(*least, *most);
}

/// Makes a copy of the version in production worse.
struct AfterGates {
  Version& version;
  const AtLaunch& launch;
  stats::Stream& stream;

  Weights& weights() const { return version.model.weights; }

  void operator()(const Leak&) const { assert(false); }
  void operator()(const StaleWindow&) const { assert(false); }
  void operator()(const Copy&) const {}
  void operator()(const Swap& swap) const { swap_weights(weights(), swap); }
  void operator()(const Drop& drop) const {
    for (const std::size_t j : drop.features) weights()[j] = 0;
  }
  void operator()(const Scale& scale) const {
    for (const std::size_t j : scale.features) weights()[j] *= scale.factor;
  }
  void operator()(const Turn& turn) const {
    weights() = turned(weights(), across(weights(), stream), turn.degrees);
  }
  void operator()(const TurnTo& turn) const {
    const Weights u = across(weights(), stream);
    weights() = turned(weights(), u, degrees_to(turn.engagement, weights(), u, launch));
  }
  void operator()(const Slow& slow) const { version.artefact.slowness *= slow.factor; }
  void operator()(const Crash& crash) const {
    if (crash.after) {
      version.late_errors = LateErrors{crash.errors, crash.after->sample(stream)};
    } else {
      double& errors = version.artefact.errors;
      errors = 1 - (1 - errors) * (1 - crash.errors);
    }
  }
};

}  // namespace

std::string to_string(const Defect& defect) {
  static const char* const kNames[] = {"leak",  "stale-window", "copy", "swap", "drop",
                                       "scale", "turn",         "turn", "slow", "crash"};
  static_assert(std::size(kNames) == std::variant_size_v<Defect>);
  return kNames[defect.index()];
}

bool strikes_training(const Defect& defect) {
  return std::holds_alternative<Leak>(defect) || std::holds_alternative<StaleWindow>(defect);
}

learning::TrainingSettings strike(const Defect& defect, learning::TrainingSettings settings,
                                  std::size_t features) {
  assert(strikes_training(defect));
  if (const auto* leak = std::get_if<Leak>(&defect)) {
    assert(leak->feature < features);
    settings.join = learning::Join::latest;
    settings.features.resize(features);
    settings.features[leak->feature].reacts = leak->reacts;
  } else {
    settings.stale = std::get<StaleWindow>(defect).age;
  }
  return settings;
}

Version strike(const Defect& defect, Version candidate, const Version& production,
               const AtLaunch& launch, stats::Stream stream) {
  assert(!strikes_training(defect));
  candidate.model = production.model;
  candidate.artefact = production.artefact;
  std::visit(AfterGates{candidate, launch, stream}, defect);
  return candidate;
}

}  // namespace rehearse::lifecycle
