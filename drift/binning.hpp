// Where a reference's numbers are cut into bins, and how many values fall into each.
//
// Bins are closed on the right and open at the outer ends: the first holds what is at or below the
// first cut point, bin i what is above cut point i-1 and at or below cut point i, the last one the
// rest. So a set of bins is its cut points, ascending and distinct, and nothing is outside. A bin
// for a single value v has the cut points just below v and v.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "stats/sample.hpp"

namespace rehearse::drift {

/// `automatic`: one bin per value where the reference has few, else deciles in which a value that
/// repeats a cut point has a bin of its own. `quantile`: the reference's deciles (type 7), equal
/// ones merged. `sturges`: as Evidently has it, over both samples (distances.hpp).
enum class Binning { automatic, quantile, sturges };

using CutPoints = std::vector<double>;

/// The cut points that a reference has by itself. REQUIRES: sorted, not empty; not sturges, whose
/// edges depend on the current sample too (distances.hpp).
CutPoints cut_points(stats::Sample sorted_reference, Binning binning);

/// The bin of a value: the number of cut points below it.
std::size_t bin_of(double value, std::span<const double> cuts);

/// Values in each of the cuts.size() + 1 bins. REQUIRES: sorted.
std::vector<double> count_sorted(stats::Sample values, std::span<const double> cuts);

}  // namespace rehearse::drift
