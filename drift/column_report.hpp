// What two samples of one column show: how many values there are and of what kind, all distances,
// and the tests that say whether a difference is more than chance. A distance that the data do not
// define is absent, never NaN.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "drift/columns.hpp"
#include "drift/distances.hpp"
#include "stats/contingency.hpp"
#include "stats/two_sample.hpp"

namespace rehearse::drift {

/// One side's values, counted.
struct SideCounts {
  std::size_t rows = 0;
  std::size_t missing = 0;
  std::size_t infinite = 0;
  std::size_t distinct = 0;  ///< values or labels
};

/// Of a column of numbers, the finite ones of one side outside the other's range, and whether
/// chance puts so many on one end of it: each is the first of all values with one chance in n + 1.
struct Beyond {
  std::size_t rows = 0;
  double p_value = 1;
};

struct ChangedLabel {
  std::string label;
  double reference = 0;  ///< share of the values
  double current = 0;
  double p_value = 1;  ///< Fisher's, times the number of labels
};

struct ColumnReport {
  bool categorical = false;
  bool kind_changed = false;
  bool too_many_labels = false;     ///< to be counted: not compared
  std::size_t reference_count = 0;  ///< values, without the missing ones
  std::size_t current_count = 0;
  SideCounts reference_side, current_side;
  double missing_p = 1;   ///< of equal shares of missing values
  double infinite_p = 1;  ///< of equal shares of infinite values among the others
  /// Labels, or values beside the reference's few, that are new; of more values than that, those
  /// beyond its least and largest.
  std::size_t new_values = 0;
  std::size_t new_rows = 0;      ///< rows of the current data that hold them
  std::optional<Beyond> beyond;  ///< values of the current data outside the reference's range
  std::optional<Beyond> lost;    ///< values of the reference outside the current data's
  /// Of labels too rare for chi-square: the one whose share changed most, by itself. Of a thousand
  /// labels with a row each a permutation test does not see a new one that has half of the rows.
  std::optional<ChangedLabel> changed_label;
  std::size_t bins = 0;
  Bins binned;  ///< for histograms
  FlooredShares floored;
  std::optional<double> psi, kl, jensen_shannon, hellinger, total_variation;
  std::optional<double> wasserstein;  ///< of numbers
  std::optional<stats::TestResult> cramer_von_mises;
  std::optional<stats::KolmogorovSmirnov> kolmogorov_smirnov;
  /// Of numbers: their counts in automatic bins of the larger sample. Bins of the smaller one would
  /// follow its own accidents.
  std::optional<stats::TwoSampleChiSquare> histogram_test;
  std::optional<stats::TwoSampleChiSquare> chi_square;  ///< of categories
  std::optional<stats::ChiSquare> chi_square_fixed;     ///< takes the reference for exact
};

/// Which distances to work out; a test that is not asked for costs nothing.
struct Wanted {
  bool binned = true;
  bool ordered = true;  ///< wasserstein, cramer_von_mises, kolmogorov_smirnov
  bool ks = false;      ///< kolmogorov_smirnov, without the other two
};

/// Values in any order, without NaN; infinite ones are the least and the largest. With no values on
/// a side all distances are absent.
ColumnReport report_numbers(std::vector<double> reference, std::vector<double> current,
                            Binning binning, Wanted wanted = {});

ColumnReport report_categories(const CategoryCounts& reference, const CategoryCounts& current,
                               Binning binning);

/// A column of two files, with what was missing. What the reading (reading.hpp) needs is always
/// there.
ColumnReport report_column(ColumnPair pair, Binning binning, Wanted wanted = {});

}  // namespace rehearse::drift
