// What is true of a model's requests through one hour: where its features lie, and how they decide
// about a click.
//
// Features are independent, x_j ~ N(mean_j, deviation_j^2). The true logit of a candidate is
//
//   eta(x) = intercept + sum_j weight_j x_j + q (x_c^2 - 1)        P(click) = 1 / (1 + exp(-eta))
//
// with the curvature q of one feature c. Only under curvature does a moved population change which
// linear model is best; without it covariate drift is visible and harmless. Features of the
// relation that a version does not use have the coefficient 0 in it.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace rehearse::learning {

/// One feature's square in the relation; none while `value` is 0.
struct Curvature {
  std::size_t feature = 0;
  double value = 0;

  bool operator==(const Curvature&) const = default;
};

struct World {
  double intercept = 0;
  std::vector<double> weights;
  std::vector<double> mean;
  std::vector<double> deviation;
  std::vector<double> absent;  ///< chance that a feature is absent for a whole request
  Curvature curvature = {};

  /// `features` of mean 0 and deviation 1, always there, without any weight.
  static World standard(std::size_t features, double intercept);

  std::size_t features() const { return weights.size(); }
  bool operator==(const World&) const = default;
};

/// REQUIRES: as many values as features.
double logit(const World& world, std::span<const double> values);

/// 1 / (1 + exp(-logit)).
double click_probability(double logit);

/// The world that a share of an hour's requests follows.
struct WorldPart {
  double share = 1;
  /// Which gradual drift has moved it: the drift's number from 1 on, 0 for none.
  std::size_t moved_by = 0;
  World world;

  bool operator==(const WorldPart&) const = default;
};

/// All worlds of an hour: one, or two while a gradual drift is under way, the moved one last.
/// Shares sum to 1.
using Worlds = std::vector<WorldPart>;

}  // namespace rehearse::learning
