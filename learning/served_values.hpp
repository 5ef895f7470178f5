// The distribution of what a version is served: of one feature, or of its score.
//
// Both are mixtures of normals (one per world of the hour, and per pattern of absent features) and,
// for a feature, a point mass of absence. A stale feature has the distribution of a fresh one. So
// the counts in a monitor's bins are multinomial with exact shares.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "learning/linear_model.hpp"
#include "learning/world.hpp"

namespace rehearse::learning {

struct NormalPart {
  double share = 1;
  double mean = 0;
  double deviation = 1;  ///< 0: a point
};

/// Shares of the parts and `absent` sum to 1.
struct ServedValues {
  std::vector<NormalPart> parts;
  double absent = 0;
};

ServedValues served_feature(const Worlds& worlds, std::size_t feature);

/// Of one candidate, absent features standing at the version's training means.
ServedValues served_score(const Worlds& worlds, const LinearModel& model);

/// P(value <= x, not absent).
double distribution(const ServedValues& values, double x);

/// The value below which the share p of those that are not absent lies, to 1e-13.
/// REQUIRES: 0 < p < 1, a part with a deviation above 0.
double quantile(const ServedValues& values, double p);

/// The share in each bin (.., c_0], (c_0, c_1], .., (c_last, ..), and that of the absent last.
/// REQUIRES: cuts ascending.
std::vector<double> bin_shares(const ServedValues& values, std::span<const double> cuts);

}  // namespace rehearse::learning
