// Lognormal durations by what people know of them.
#pragma once

#include "stats/duration_distribution.hpp"

namespace rehearse::stats {

/// exp(normal) with this median and this 99th percentile. REQUIRES: 0 < median <= p99.
Distribution::Lognormal lognormal(Duration median, Duration p99);

}  // namespace rehearse::stats
