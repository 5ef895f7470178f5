// A reference sample that is kept and compared with many current ones: sorted, cut into bins and
// counted once.
//
// A missing value (NaN) is no number and has a bin of its own, the last one: the share of what is
// missing can drift too. Invariant: counts() has one entry for each bin of the cut points and one
// for what is missing.
#pragma once

#include <span>
#include <vector>

#include "drift/distances.hpp"
#include "stats/sample.hpp"

namespace rehearse::drift {

class Reference {
 public:
  /// Values in any order, NaN where one is missing. REQUIRES: not empty. Throws InputError for
  /// sturges, whose bins depend on the current sample.
  explicit Reference(std::vector<double> values, Binning binning = Binning::quantile);

  /// Values that are not missing.
  stats::Sample sorted() const { return sorted_; }
  const CutPoints& cuts() const { return cuts_; }
  std::size_t bins() const { return counts_.size(); }
  const std::vector<double>& counts() const { return counts_; }

  /// Counts of a current sample in these bins; values in any order, NaN where one is missing.
  /// `counts` is resized, so that a buffer can serve many checks.
  void count(stats::Sample current, std::vector<double>& counts) const;

  /// This reference beside the counts of a current sample. REQUIRES: bins() of them, not all 0.
  BinCounts against(std::span<const double> counts) const;

 private:
  std::vector<double> sorted_;
  CutPoints cuts_;
  std::vector<double> counts_;
  Binning binning_;
};

}  // namespace rehearse::drift
