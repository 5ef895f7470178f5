// Pieces of a sweep's picture.
//
// A panel shows one metric. Over three parameters or more a metric has a row of panels, one for
// each parameter: a grey line for every setting of the others (individual conditional expectation,
// Goldstein et al. 2015), so that one sees whether the parameter acts alike everywhere, and the
// mean over them in blue. Panels of a row share the metric's axis.
#pragma once

#include <string>
#include <vector>

#include "planning/sweep/axis.hpp"
#include "planning/sweep/sweep.hpp"

namespace rehearse::planning {

/// A point with what its runs say about one metric.
struct Estimate {
  std::size_t point = 0;
  double mean = 0;
  double low = 0;  ///< ends of the 95% interval; the mean where there is none
  double high = 0;
};

/// Of the points that have runs.
std::vector<Estimate> estimates_of(const Sweep& sweep, std::size_t metric);
std::vector<double> means_of(const std::vector<Estimate>& estimates);

/// Where a panel lies, as shares of the picture's height.
struct Box {
  double bottom = 0;
  double top = 1;
};

/// `left` and `right` are shares of the picture's width.
std::string margins(const Box& box, double left, double right);

/// Tics with the texts of the places; not all of them where there are many.
std::string place_tics(const char* axis, const PlotAxis& places);

/// A metric over each of the parameters. REQUIRES: two parameters at least.
std::string trellis_row(const Sweep& sweep, std::size_t metric, const Box& box, bool last);

}  // namespace rehearse::planning
