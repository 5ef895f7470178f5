// Is more budget ever worse? The search takes for granted that it is not; here the points that it
// looked at are held against that.
//
// For points of which one is dearer in every setting, each constrained metric is compared run by
// run on the common seeds. A metric that is worse at the dearer point by a one-sided paired t-test,
// at a level shared evenly among all comparisons (Bonferroni), and by more than a trifle of its
// limit, is a breach. It says nothing about the recommendation, which is proved by itself, but a
// cheaper setting may then have been missed.
#pragma once

#include <cstddef>
#include <vector>

#include "planning/survey.hpp"

namespace rehearse::planning {

struct Breach {
  Point cheaper;
  Point dearer;
  std::size_t constraint = 0;
  double at_cheaper = 0;  ///< mean of the metric over the common runs
  double at_dearer = 0;
  double p_value = 1;
};

struct MonotoneCheck {
  std::size_t compared = 0;  ///< pairs of points
  std::vector<Breach> breaches;
};

MonotoneCheck check_monotone(const Survey& survey);

}  // namespace rehearse::planning
