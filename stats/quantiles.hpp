// Quantiles and the empirical distribution function.
//
// Quantiles are of type 7 (Hyndman and Fan 1996), the default of R and NumPy: linear interpolation
// at position (n - 1) p of the sorted sample. Beside an infinite value the nearer one is taken.
#pragma once

#include <cstddef>

#include "stats/sample.hpp"

namespace rehearse::stats {

/// REQUIRES: sorted, not empty, 0 <= p <= 1.
double quantile_sorted(Sample sorted_values, double p);

/// The quantile i/parts with the position computed in integers, so that a position that falls on a
/// value gives that very value. REQUIRES: sorted, not empty, i <= parts, parts > 0.
double quantile_sorted(Sample sorted_values, std::size_t i, std::size_t parts);

double quantile(Sample values, double p);

/// Share of values at or below x. REQUIRES: sorted, not empty.
double ecdf_sorted(Sample sorted_values, double x);

}  // namespace rehearse::stats
