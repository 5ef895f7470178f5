#include "learning/changing_world.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>
#include <set>
#include <utility>

#include "learning/streams.hpp"

namespace rehearse::learning {
namespace {

double dot(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t j = 0; j < a.size(); ++j) sum += a[j] * b[j];
  return sum;
}

double norm(const std::vector<double>& a) { return std::sqrt(dot(a, a)); }

std::vector<double> draw_normals(stats::Stream& stream, std::size_t count) {
  std::vector<double> values(count);
  for (double& value : values) value = stream.normal();
  return values;
}

std::vector<double> draw_weights(const std::string& model, std::size_t count, double strength) {
  stats::Stream stream = Streams(0, 0, model).truth();
  std::vector<double> weights = draw_normals(stream, count);
  const double length = norm(weights);
  for (double& weight : weights) weight *= strength / length;
  return weights;
}

/// A direction orthogonal to the weights, as long as they are.
std::vector<double> draw_turn(const std::string& model, std::size_t drift,
                              const std::vector<double>& weights) {
  stats::Stream stream = Streams(0, 0, model).drift(drift);
  std::vector<double> turn = draw_normals(stream, weights.size());
  const double length = norm(weights);
  // Twice, as rounding leaves a part of the weights where the first draw lay close to them.
  for (int pass = 0; pass < 2; ++pass) {
    const double along = dot(turn, weights) / (length * length);
    for (std::size_t j = 0; j < turn.size(); ++j) turn[j] -= along * weights[j];
  }
  const double scale = length / norm(turn);
  for (double& value : turn) value *= scale;
  return turn;
}

[[noreturn]] void refuse(std::size_t drift, const std::string& what) {
  throw BadDrift(drift, what);
}

void check_drift(const Drift& drift, std::size_t number, const World& initial) {
  const bool on_features = drift.of == DriftOf::covariate || drift.of == DriftOf::missing;
  if (on_features && drift.features.empty()) {
    refuse(number, "covariate and missing drifts need \"features\"");
  }
  for (const std::size_t feature : drift.features) {
    if (feature >= initial.features()) {
      refuse(number, "there is no feature " + std::to_string(feature) + "; the relation has " +
                         std::to_string(initial.features()));
    }
  }
  if (drift.kind == DriftKind::recurring && drift.period <= Duration{}) {
    refuse(number, "a recurring drift needs a \"period\" above 0");
  }
  if (drift.of == DriftOf::concept_ && (initial.features() < 2 || norm(initial.weights) == 0)) {
    refuse(number, "a concept drift needs two features or more, and weights that are not all 0");
  }
  if (drift.of == DriftOf::missing && !(drift.rate >= 0 && drift.rate <= 1)) {
    refuse(number, "\"rate\" is a chance from 0 to 1");
  }
  if (drift.of == DriftOf::covariate && !(drift.scale > 0)) {
    refuse(number, "\"scale\" is a factor above 0");
  }
}

bool uncertain(const Drift& drift) {
  const bool at_once = drift.kind == DriftKind::sudden ||
                       (drift.kind == DriftKind::recurring && drift.shape == Wave::square);
  return drift.of == DriftOf::missing && drift.rate > 0 && !(at_once && drift.rate == 1);
}

void check_absences(const std::vector<Drift>& drifts) {
  // The features that may be absent at once only grow where a drift begins.
  for (std::size_t i = 0; i < drifts.size(); ++i) {
    std::set<std::size_t> features;
    for (const Drift& other : drifts) {
      if (!uncertain(other) || drifts[i].at < other.at || drifts[i].at >= other.until) continue;
      features.insert(other.features.begin(), other.features.end());
    }
    if (features.size() > ChangingWorld::kMostUncertain) {
      refuse(i, "from here on " + std::to_string(features.size()) +
                    " features may be absent at once; at most " +
                    std::to_string(ChangingWorld::kMostUncertain) + " may");
    }
  }
}

void check_gradual(const std::vector<Drift>& drifts) {
  const auto end = [](const Drift& drift) { return std::min(drift.at + drift.over, drift.until); };
  for (std::size_t i = 0; i < drifts.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (drifts[i].kind != DriftKind::gradual || drifts[j].kind != DriftKind::gradual) continue;
      if (drifts[i].at < end(drifts[j]) && drifts[j].at < end(drifts[i])) {
        refuse(i, "is under way together with drifts/" + std::to_string(j) +
                      "; one gradual drift at a time");
      }
    }
  }
}

World initial_world(const std::string& model, const WorldSettings& settings) {
  const Relation& relation = settings.relation;
  if (settings.features == 0) throw InputError("a relation needs a feature");
  World world = World::standard(settings.features, relation.intercept);
  world.curvature = relation.curvature;
  if (relation.curvature.value != 0 && relation.curvature.feature >= settings.features) {
    throw InputError("the curvature is of feature " + std::to_string(relation.curvature.feature) +
                     "; the relation has " + std::to_string(settings.features));
  }
  if (!relation.weights.empty() && relation.weights.size() != settings.features) {
    throw InputError(std::to_string(relation.weights.size()) + " weights for " +
                     std::to_string(settings.features) + " features");
  }
  world.weights = relation.weights.empty()
                      ? draw_weights(model, settings.features, relation.strength)
                      : relation.weights;
  return world;
}

}  // namespace

ChangingWorld::ChangingWorld(const std::string& model, WorldSettings settings)
    : settings_(std::move(settings)), initial_(initial_world(model, settings_)) {
  const std::vector<Drift>& drifts = settings_.drifts;
  for (std::size_t i = 0; i < drifts.size(); ++i) check_drift(drifts[i], i, initial_);
  check_gradual(drifts);
  check_absences(drifts);
  for (std::size_t i = 0; i < drifts.size(); ++i) {
    const bool turns = drifts[i].of == DriftOf::concept_;
    turns_.push_back(turns ? draw_turn(model, i, initial_.weights) : std::vector<double>{});
  }
}

void ChangingWorld::move(World& world, std::size_t number, double by) const {
  const Drift& drift = settings_.drifts[number];
  switch (drift.of) {
    case DriftOf::covariate:
      for (const std::size_t j : drift.features) {
        world.mean[j] += by * drift.shift * initial_.deviation[j];
        world.deviation[j] *= 1 + by * (drift.scale - 1);
      }
      break;
    case DriftOf::concept_: {
      const double angle = by * drift.rotate * std::numbers::pi / 180;
      for (std::size_t j = 0; j < world.features(); ++j) {
        world.weights[j] +=
            (std::cos(angle) - 1) * initial_.weights[j] + std::sin(angle) * turns_[number][j];
      }
      break;
    }
    case DriftOf::label:
      world.intercept += by * drift.logit;
      break;
    case DriftOf::missing:
      for (const std::size_t j : drift.features) {
        world.absent[j] = 1 - (1 - world.absent[j]) * (1 - by * drift.rate);
      }
      break;
  }
}

World ChangingWorld::moved(const std::vector<double>& progress) const {
  World world = initial_;
  for (std::size_t i = 0; i < progress.size(); ++i) {
    if (progress[i] != 0) move(world, i, progress[i]);
  }
  return world;
}

Worlds ChangingWorld::at(Hour hour) const {
  const std::vector<Drift>& drifts = settings_.drifts;
  std::vector<double> by(drifts.size());
  std::size_t done = 0, under_way = drifts.size();
  for (std::size_t i = 0; i < drifts.size(); ++i) {
    by[i] = progress(drifts[i], hour.start());
    if (drifts[i].kind != DriftKind::gradual || by[i] == 0) continue;
    if (by[i] < 1) {
      under_way = i;
    } else if (done == 0 || drifts[i].at >= drifts[done - 1].at) {
      done = i + 1;
    }
  }
  if (under_way == drifts.size()) return {{1, done, moved(by)}};
  const double share = by[under_way];
  by[under_way] = 0;
  WorldPart before{1 - share, done, moved(by)};
  by[under_way] = 1;
  return {std::move(before), {share, under_way + 1, moved(by)}};
}

std::optional<Hour> ChangingWorld::next_change(Hour hour) const {
  std::optional<Hour> next;
  for (const Drift& drift : settings_.drifts) {
    const std::optional<Hour> move = next_move(drift, hour);
    if (move && (!next || *move < *next)) next = move;
  }
  return next;
}

}  // namespace rehearse::learning
