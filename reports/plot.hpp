// staleness.svg: the run as a picture, drawn by gnuplot.
//
// Three panels over one time axis: how much of the graph was right (freshness of entities,
// precision and recall of derived edges), how old it was (mean and greatest age), and the work
// behind it (events, calls, queue). Warm-up and quiescence are shaded. Colours are those of Okabe &
// Ito (2008), which people with colour-vision deficiencies tell apart. The bytes depend on the
// results alone.
#pragma once

#include <string>

#include "reports/summary.hpp"

namespace rehearse::reports {

/// What gnuplot is told to draw.
std::string staleness_script(const RunResult& result);

/// The picture as SVG. Throws InputError when gnuplot is not installed or fails.
std::string staleness_svg(const RunResult& result);

}  // namespace rehearse::reports
