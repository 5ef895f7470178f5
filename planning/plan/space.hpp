// The settings among which a plan is sought.
//
// Each searched setting is an axis: a ladder of values in equal ratios (equal steps where the range
// begins at 0), as wide as the resolution, ends included. Step 0 is the end that costs least; the
// search takes for granted, and checks as it goes, that a higher step does not hurt. A point is a
// step on each axis, so there are finitely many, and their values are short decimals.
#pragma once

#include <cstddef>
#include <vector>

#include "planning/plan/goal.hpp"
#include "planning/sweep/pointers.hpp"

namespace rehearse::planning {

struct Axis {
  Parameter parameter;
  CostTerm term;
  bool logarithmic = true;
  std::vector<Value> values;  ///< the cheapest first; two at least

  int last() const { return static_cast<int>(values.size()) - 1; }
  double amount(int step) const { return *values[static_cast<std::size_t>(step)].amount; }
  /// The step whose amount is nearest to `amount`.
  int nearest(double amount) const;
  /// How many of its steps near `step` make up one of the resolution; below 1 for a coarse axis, as
  /// of small whole numbers.
  double fineness(int step, double resolution) const;
};

using Point = std::vector<int>;

struct Space {
  std::vector<Axis> axes;
  double resolution = 0.01;

  Point cheapest() const;
  Point dearest() const;
  double cost(const Point& point) const;
  /// All axes moved by as many steps of the resolution, up for more. Axes that are too coarse for
  /// that move only when all are.
  Point moved(const Point& point, int steps) const;
  /// Points of the grid of the same resolution.
  double size() const;
};

/// Throws InputError when cost and ranges do not name the same pointers. REQUIRES: 0 < resolution.
Space make_space(const std::vector<Range>& ranges, const Cost& cost, double resolution);

/// True when no step of `a` is above that of `b`.
bool below(const Point& a, const Point& b);

}  // namespace rehearse::planning
