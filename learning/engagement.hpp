// What a version earns: the expected share of requests that end in a click, an exact integral over
// its coefficients (to 1e-7).
//
// A request has independent candidates; the one with the largest served score is shown (ties:
// uniformly), or with the chance `exploration` a uniform one. So the rate is the mean of the click
// curve over the largest of K standard normals. Features that are absent for a whole request rank
// nothing: the rate is the mean over the patterns of absence. While a gradual drift is under way it
// is the mean of both worlds, by their shares.
#pragma once

#include <cstddef>

#include "learning/click_curve.hpp"
#include "learning/world.hpp"

namespace rehearse::learning {

/// What a request is answered with.
struct ServingPolicy {
  std::size_t candidates = 5;
  double exploration = 0.05;
};

/// E of ranking by a score. REQUIRES: a candidate, 0 <= exploration <= 1.
double expected_engagement(const World& world, const ServedScore& score,
                           const ServingPolicy& serving);
double expected_engagement(const Worlds& worlds, const ServedScore& score,
                           const ServingPolicy& serving);

/// E when the candidate with the largest true logit is shown, features being fresh and present: no
/// refit, however fresh, exceeds it. Under curvature, where all other features together move the
/// logit by a deviation below 0.02, they are taken to move it by that: an error below 3e-4 that no
/// shipped relation comes near.
double engagement_bound(const World& world, const ServingPolicy& serving);
double engagement_bound(const Worlds& worlds, const ServingPolicy& serving);

/// E of a uniform candidate.
double random_engagement(const World& world);

/// Area under the ROC curve of the served score for the click of one uniform candidate, all
/// features being present; 1/2 for a score that tells nothing. To 1e-6.
double expected_auc(const World& world, const ServedScore& score);

}  // namespace rehearse::learning
