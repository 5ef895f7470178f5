// Drift of several columns at once, which no single column need show.
//
// MMD (Gretton et al. 2012): the distance of two samples' means in the feature space of an RBF
// kernel, exp(-|x - y|^2 / (2 s^2)), with s the median distance between pooled points, and a
// permutation test. PCA reconstruction (NannyML): principal components of the standardised
// reference; rows whose relations between columns have changed are reconstructed badly.
#pragma once

#include <Eigen/Core>
#include <cstdint>

#include "stats/random.hpp"

namespace rehearse::drift {

/// One row per observation.
using Table = Eigen::MatrixXd;

struct MmdSettings {
  int permutations = 500;
  /// Larger samples are thinned to this many rows each, drawn without replacement: the kernel
  /// matrix grows with the square.
  Eigen::Index max_rows = 1000;
};

struct Mmd {
  double squared = 0;    ///< unbiased estimate; may be negative when there is no drift
  double bandwidth = 0;  ///< the median distance; 0 when all points are equal
  double p_value = 1;    ///< share of permutations at least as far apart, itself counted
};

/// REQUIRES: equally many columns, at least two rows each, finite values.
Mmd mmd_test(const Table& reference, const Table& current, const MmdSettings& settings,
             stats::Stream& stream);

/// What a reference looks like in its principal components.
class PcaReconstruction {
 public:
  /// Keeps the fewest components that explain `variance_kept` of the standardised variance.
  /// Constant columns are standardised with deviation 1. REQUIRES: at least two rows, finite
  /// values, 0 < variance_kept <= 1.
  PcaReconstruction(const Table& reference, double variance_kept);

  Eigen::Index components() const { return axes_.cols(); }

  /// Mean over rows of the distance between a standardised row and its reconstruction. REQUIRES: as
  /// many columns as the reference, at least one row.
  double error(const Table& rows) const;

  /// Standard deviations by which the error of `rows` exceeds what chunks of as many rows of the
  /// reference show; 0 when the reference holds fewer than two such chunks.
  double severity(const Table& reference, const Table& rows) const;

 private:
  Table standardise(const Table& rows) const;

  Eigen::RowVectorXd mean_;
  Eigen::RowVectorXd deviation_;
  Table axes_;  ///< one column per component
};

}  // namespace rehearse::drift
