// lifecycle.svg: what became of each version of the models, drawn by gnuplot.
//
// A block for each of the kMostModels models with most events. Its lanes hold, from above, what
// monitors and rules found, the versions that served, the canaries, and the trainings with their
// gates; below them engagement under its bound. Verdicts are marks on the lanes of what they are
// about. Warm-up and quiescence are shaded. The bytes depend on the results alone.
#pragma once

#include <cstddef>
#include <string>

#include "reports/summary.hpp"

namespace rehearse::reports {

inline constexpr std::size_t kMostModels = 12;

/// What gnuplot is told to draw. REQUIRES: a lineage, and of each model the columns
/// model.<name>.engagement and .engagement_bound.
std::string lifecycle_script(const RunResult& result);

/// The picture as SVG. Throws InputError when gnuplot is not installed or fails.
std::string lifecycle_svg(const RunResult& result);

}  // namespace rehearse::reports
