// Distributions of durations under the names that models know them by. They live in stats/
// (duration_distribution.hpp), since the metadata service draws from one too and knows no
// simulator.
#pragma once

#include "stats/duration_distribution.hpp"

namespace rehearse::sim {

using stats::Distribution;
using stats::distribution_of;
using stats::parse_distribution;

}  // namespace rehearse::sim
