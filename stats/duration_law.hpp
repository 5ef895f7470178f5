// How much of a distribution of durations lies above a limit, and below which duration a share of
// it does.
#pragma once

#include "stats/duration_distribution.hpp"

namespace rehearse::stats {

/// P(X > limit), before samples are rounded to nanoseconds.
double share_above(const Distribution& distribution, Duration limit);

/// The least duration that the share p does not exceed. REQUIRES: 0 < p < 1.
Duration quantile(const Distribution& distribution, double p);

}  // namespace rehearse::stats
