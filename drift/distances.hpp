// Distances between a reference sample and a current one.
//
// Binned distances compare shares per bin; bins of numbers come from the reference's deciles
// (binning.hpp) or from Sturges' rule, bins of categories are the categories of both samples.
// Definitions:
// - PSI = sum (c - r) ln(c / r) and KL(current || reference) = sum c ln(c / r), both on shares with
//   a floor of 1e-4 that are not normalised again;
// - Jensen-Shannon is the distance, the root of the divergence in bits;
// - Hellinger and total variation on plain shares.
// Deciles are blind where values repeat: of a column with two values all cut points may fall on
// one. Automatic bins therefore are one per value where the reference has few (20 at most, at least
// 5 rows each), and deciles otherwise, in which a value that repeats a cut point is a bin of its
// own. Bins by Sturges' rule follow Evidently (Apache Evidently 0.7 documentation): equal widths
// over both samples when the reference has more than 20 distinct values, else one bin per value; an
// empty bin's share becomes a ten-thousandth, or a millionth of the least share where that is
// small.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "drift/binning.hpp"
#include "stats/sample.hpp"

namespace rehearse::drift {

/// The values of a bin: (low, high], one point, or whatever lies strictly between its ends.
struct BinRange {
  double low = 0;
  double high = 0;
  enum class Ends { right_closed, left_closed, open, point } ends = Ends::right_closed;
};

/// How many values of each sample fall into each bin, seen where the counts lie. Counts need not be
/// whole: exact shares are as good. REQUIRES: as many of both, neither all 0.
struct BinCounts {
  std::span<const double> reference;
  std::span<const double> current;
  Binning binning = Binning::quantile;
};

/// The same, with the counts.
struct Bins {
  std::vector<double> edges;  ///< inner cut points of quantile bins; all edges of Sturges bins
  std::vector<double> reference;
  std::vector<double> current;
  Binning binning = Binning::quantile;
  std::vector<BinRange> ranges = {};     ///< of automatic bins
  std::vector<std::string> labels = {};  ///< of categories

  operator BinCounts() const { return {reference, current, binning}; }
};

/// REQUIRES: both sorted and not empty.
Bins bin_by_quantiles(stats::Sample reference, stats::Sample current);
Bins bin_by_sturges(stats::Sample reference, stats::Sample current);
Bins bin_automatically(stats::Sample reference, stats::Sample current);

/// The share of each side that lies in bins whose share is raised to the floor on either side, so
/// that PSI and KL do not see it.
struct FlooredShares {
  double reference = 0;
  double current = 0;
};
FlooredShares floored_shares(const BinCounts& bins);

using CategoryCounts = std::map<std::string, std::uint64_t>;
/// Bins in the order of the categories' names. REQUIRES: each has a category.
Bins bin_categories(const CategoryCounts& reference, const CategoryCounts& current);

double psi(const BinCounts& bins);
double kl(const BinCounts& bins);
double jensen_shannon(const BinCounts& bins);
double hellinger(const BinCounts& bins);
double total_variation(const BinCounts& bins);

/// Area between the two distribution functions, in the samples' unit. REQUIRES: both sorted and not
/// empty.
double wasserstein_sorted(stats::Sample reference, stats::Sample current);

}  // namespace rehearse::drift
