// An axis of a sweep's picture: the values of one parameter, or the scale of one metric.
//
// A parameter whose values are all quantities has a numeric axis in a unit that suits them,
// logarithmic when they span a factor of 20; one with words has a place for each value, in the
// user's order.
#pragma once

#include <cassert>
#include <string>
#include <vector>

#include "planning/sweep/sweep.hpp"

namespace rehearse::planning {

struct PlotAxis {
  std::string label;    ///< "rate (per second)"
  bool numeric = true;  ///< false: places 0, 1, 2, ... with texts
  bool logarithmic = false;
  double unit = 1;                  ///< what amounts are divided by: 60 for minutes
  std::vector<std::string> places;  ///< texts of the distinct values, in the axis's order

  /// Where a value lies on a numeric axis. REQUIRES: numeric.
  double position(const Value& value) const {
    assert(numeric && value.amount);
    return *value.amount / unit;
  }
  /// Its number among the places.
  std::size_t place(const Value& value) const;
};

PlotAxis parameter_axis(const Design& design, std::size_t parameter);

/// The scale of a metric's means: unit, label and whether a logarithm helps (all above 0, a factor
/// of 100 between them).
PlotAxis metric_axis(const MetricColumn& metric, const std::vector<double>& means);

}  // namespace rehearse::planning
