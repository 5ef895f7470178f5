// The search proper: cheap points that look as if they kept the promises.
//
// One setting: bisection along its axis (planning/fit/line.hpp).
// Several: from the dear end down the diagonal, all settings by the same share of their ranges, to
// the edge of what holds; then each setting alone, as far as it goes; then trades. A trade raises
// one setting by a stride and lowers another as far as that allows; which pairs are worth trying is
// told by the slopes of the scores around the point. When no pair saves anything the stride is
// halved. The strides end at the resolution, so no trade of two settings by that much looks cheaper
// than the result; that is a local optimum, which is the global one where the set of points that
// hold is convex in the logarithms of the settings.
//
// The result is a short list: the cheapest point, and others of nearly its cost but another mix,
// among which the final trial selects.
#pragma once

#include <vector>

#include "planning/fit/survey.hpp"

namespace rehearse::planning {

struct DesignRule {
  int first_stride = 16;  ///< of trades, in steps
  int most_trades = 12;   ///< at one stride
  std::size_t most_designs = 3;
  double near_cost = 0.03;  ///< how much dearer than the cheapest another design may be
  int other_mix = 6;        ///< steps by which it must differ in one setting
};

/// The cheapest first. REQUIRES: survey.look(dearest) has a score of at most 0.
std::vector<Point> find_designs(Survey& survey, const DesignRule& rule = {});

}  // namespace rehearse::planning
