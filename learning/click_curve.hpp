// The chance of a click, given how a version scores a candidate: p(u), u being the served score in
// deviations from its mean.
//
// Everything that a version earns is an integral over this curve. The true logit is the sum of the
// curved feature's part and of a rest that is normal given the score and that feature, so p(u) is a
// logistic-normal integral, or under curvature a mean of such.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "learning/quadrature.hpp"
#include "learning/world.hpp"

namespace rehearse::learning {

/// How a version ranks: by the sum of weight times served feature. A feature whose retention is r
/// is served as mean + r (x - mean) + deviation sqrt(1 - r^2) noise: r is the correlation of served
/// and true value, 1 for a fresh one.
struct ServedScore {
  std::span<const double> weights;         ///< without the intercept, which ranks nothing
  std::span<const double> retention = {};  ///< empty: all fresh

  double kept(std::size_t feature) const { return retention.empty() ? 1 : retention[feature]; }
};

class ClickCurve {
 public:
  /// `present` tells which features are there; those that are absent are the same for every
  /// candidate. REQUIRES: as many weights as features.
  ClickCurve(const World& world, const ServedScore& score, const std::vector<bool>& present);

  double operator()(double u) const;
  /// The largest slope of the logit along u, for the step of a quadrature.
  double slope() const { return slope_; }
  /// True when all candidates have one score: p does not depend on u.
  bool flat() const { return flat_; }

 private:
  struct Moments;
  void make_linear(const Moments& moments);
  void make_curved(const World& world, const Moments& moments);

  // Linear: the mean logit is start_ + along_ u. Under curvature x_c = centre + across u + a node,
  // and start_ + along_ u + tilt (x_c - centre) is the mean of the rest.
  double start_ = 0, along_ = 0;
  LogisticNormal rest_{0};
  double slope_ = 0;
  bool flat_ = false;

  double weight_ = 0, curvature_ = 0;  ///< of the curved feature
  double centre_ = 0, across_ = 0, tilt_ = 0;
  std::vector<NormalNode> nodes_;  ///< of x_c given u; none without curvature
};

}  // namespace rehearse::learning
