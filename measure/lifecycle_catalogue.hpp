// The metrics that a scenario with a section `lifecycle` has beside the others: of the run, and of
// each model.
#pragma once

#include <vector>

#include "measure/metrics.hpp"

namespace rehearse::measure {

/// In the order of the documentation.
std::vector<MetricInfo> lifecycle_catalogue();

}  // namespace rehearse::measure
