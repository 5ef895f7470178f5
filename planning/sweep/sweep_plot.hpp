// sweep.svg: the shown metrics of a sweep over its parameters, drawn by gnuplot.
//
// One parameter: for each metric a panel with the mean as a line and its 95% interval as a band.
// Two: for each metric a heat map, each cell with its mean where there is room; the colours are
// those of viridis, which grow evenly brighter. Points without runs stay empty. Three and more: a
// row of panels, one for each parameter (planning/sweep/sweep_panels.hpp). Up to six metrics are
// drawn. The bytes depend on the sweep alone.
#pragma once

#include <string>

#include "planning/sweep/sweep.hpp"

namespace rehearse::planning {

/// A picture needs a run.
bool can_be_drawn(const Sweep& sweep);

/// What gnuplot is told to draw. REQUIRES: can_be_drawn.
std::string sweep_script(const Sweep& sweep);

/// Throws InputError when gnuplot is not installed or fails.
std::string sweep_svg(const Sweep& sweep);

}  // namespace rehearse::planning
