// All distances of one column between a reference and a current sample. A distance that the data do
// not define is absent, never NaN.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "drift/distances.hpp"
#include "stats/two_sample.hpp"

namespace rehearse::drift {

struct ColumnReport {
  bool categorical = false;
  std::size_t reference_count = 0;  ///< values, without the missing ones
  std::size_t current_count = 0;
  std::size_t bins = 0;
  std::optional<double> psi, kl, jensen_shannon, hellinger, total_variation;
  std::optional<double> wasserstein;  ///< of numbers
  std::optional<stats::TestResult> cramer_von_mises;
  std::optional<stats::KolmogorovSmirnov> kolmogorov_smirnov;
  std::optional<stats::ChiSquare> chi_square;  ///< of categories
};

/// Which distances to work out; a test that is not asked for costs nothing.
struct Wanted {
  bool binned = true;
  bool ordered = true;  ///< wasserstein, cramer_von_mises, kolmogorov_smirnov
};

/// Values in any order, finite. With no values on a side all distances are absent.
ColumnReport report_numbers(std::vector<double> reference, std::vector<double> current,
                            Binning binning, Wanted wanted = {});

ColumnReport report_categories(const CategoryCounts& reference, const CategoryCounts& current,
                               Binning binning);

}  // namespace rehearse::drift
