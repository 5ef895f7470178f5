// How a lifecycle went, in a few sentences for a reader at a terminal.
#pragma once

#include <string>

#include "measure/metrics.hpp"

namespace rehearse::reports {

/// What was lost, who noticed, what was trained, released and rolled back, and what the graph told
/// operations. Empty of metrics without a lifecycle's.
std::string lifecycle_sentences(const measure::Metrics& metrics);

}  // namespace rehearse::reports
