// Is more budget ever worse? The search takes for granted that it is not; here the points that it
// looked at are held against that.
//
// For points of which one is dearer in every setting, each constrained metric is compared run by
// run on the common seeds. A metric that is worse at the dearer point by a one-sided paired t-test,
// at a level shared evenly among all comparisons (Bonferroni), and by more than a trifle of its
// limit, is a breach. It says nothing about the recommendation, which is proved by itself, but a
// cheaper setting may then have been missed. Few runs and many comparisons make a blunt test: what
// it finds is there, what it does not find may be there.
#pragma once

#include <cstddef>
#include <vector>

#include "planning/fit/survey.hpp"

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

/// Values of the constrained metrics at a point, on the same replications as those of the other.
struct Seen {
  const Point& point;
  const Observed& values;
};

/// Compares two points and notes the breaches; each metric is tested at `level`.
void compare_points(const std::vector<Constraint>& constraints, const Seen& cheaper,
                    const Seen& dearer, double level, MonotoneCheck& check);

/// Error of a whole check.
inline constexpr double kMonotoneLevel = 0.01;

MonotoneCheck check_monotone(const Survey& survey);

}  // namespace rehearse::planning
