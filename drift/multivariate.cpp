#include "drift/multivariate.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

#include "base/debug_assert.hpp"
#include "stats/moments.hpp"

namespace rehearse::drift {
namespace {

using Indices = std::vector<Eigen::Index>;

/// Puts a random choice of `count` of the indices in front (Fisher and Yates).
void shuffle_front(Indices& indices, std::size_t count, stats::Stream& stream) {
  for (std::size_t i = 0; i < count && i + 1 < indices.size(); ++i) {
    const std::size_t j = i + stream.below(indices.size() - i);
    std::swap(indices[i], indices[j]);
  }
}

Indices all_of(Eigen::Index count) {
  Indices indices(static_cast<std::size_t>(count));
  std::iota(indices.begin(), indices.end(), Eigen::Index{0});
  return indices;
}

Table thinned(const Table& rows, Eigen::Index most, stats::Stream& stream) {
  if (rows.rows() <= most) return rows;
  Indices indices = all_of(rows.rows());
  shuffle_front(indices, static_cast<std::size_t>(most), stream);
  indices.resize(static_cast<std::size_t>(most));
  return rows(indices, Eigen::all);
}

Table squared_distances(const Table& points) {
  const Eigen::Index n = points.rows();
  Table result = Table::Zero(n, n);
  for (Eigen::Index i = 0; i < n; ++i) {
    for (Eigen::Index j = i + 1; j < n; ++j) {
      double sum = 0;
      for (Eigen::Index c = 0; c < points.cols(); ++c) {
        const double d = points(i, c) - points(j, c);
        sum += d * d;
      }
      result(i, j) = result(j, i) = sum;
    }
  }
  return result;
}

double median_distance(const Table& squared) {
  assert(squared.rows() > 1);
  std::vector<double> values;
  for (Eigen::Index i = 0; i < squared.rows(); ++i) {
    for (Eigen::Index j = i + 1; j < squared.cols(); ++j) values.push_back(squared(i, j));
  }
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (*middle > 0) return std::sqrt(*middle);
  // Most points coincide; the mean distance still tells near from far.
  double sum = 0;
  for (const double value : values) sum += std::sqrt(value);
  return sum / static_cast<double>(values.size());
}

/// The unbiased estimate when the first n of `order` are one sample and the rest the other.
double unbiased(const Table& kernel, const Indices& order, std::size_t n) {
  assert(n > 1 && n + 1 < order.size());
  double inside_first = 0, inside_second = 0, across = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    for (std::size_t j = i + 1; j < order.size(); ++j) {
      const double k = kernel(order[i], order[j]);
      (j < n ? inside_first : i < n ? across : inside_second) += k;
    }
  }
  const double a = static_cast<double>(n), b = static_cast<double>(order.size() - n);
  return 2 * inside_first / (a * (a - 1)) + 2 * inside_second / (b * (b - 1)) -
         2 * across / (a * b);
}

}  // namespace

Mmd mmd_test(const Table& reference, const Table& current, const MmdSettings& settings,
             stats::Stream& stream) {
  assert(reference.cols() == current.cols() && reference.rows() > 1 && current.rows() > 1);
  assert(settings.max_rows > 1 && settings.permutations >= 0);
  debug_assert(reference.allFinite() && current.allFinite());
  const Table first = thinned(reference, settings.max_rows, stream);
  const Table second = thinned(current, settings.max_rows, stream);
  Table pooled(first.rows() + second.rows(), first.cols());
  pooled << first, second;
  const Table squared = squared_distances(pooled);
  Mmd result;
  result.bandwidth = median_distance(squared);
  if (result.bandwidth == 0) return result;
  const double scale = 2 * result.bandwidth * result.bandwidth;
  const Table kernel = squared.unaryExpr([&](double d) { return std::exp(-d / scale); });
  Indices order = all_of(pooled.rows());
  const std::size_t n = static_cast<std::size_t>(first.rows());
  result.squared = unbiased(kernel, order, n);
  int as_far = 0;
  for (int i = 0; i < settings.permutations; ++i) {
    shuffle_front(order, order.size(), stream);
    as_far += unbiased(kernel, order, n) >= result.squared ? 1 : 0;
  }
  result.p_value = (as_far + 1.0) / (settings.permutations + 1.0);
  return result;
}

PcaReconstruction::PcaReconstruction(const Table& reference, double variance_kept) {
  assert(reference.rows() > 1 && variance_kept > 0 && variance_kept <= 1);
  debug_assert(reference.allFinite());
  mean_ = reference.colwise().mean();
  const double n = static_cast<double>(reference.rows());
  deviation_ = ((reference.rowwise() - mean_).colwise().squaredNorm() / (n - 1)).cwiseSqrt();
  deviation_ = deviation_.unaryExpr([](double d) { return d > 0 ? d : 1.0; });
  const Table standard = standardise(reference);
  const Table covariance = standard.transpose() * standard / (n - 1);
  const Eigen::SelfAdjointEigenSolver<Table> solver(covariance);
  const Eigen::VectorXd& variances = solver.eigenvalues();  // ascending
  const double wanted = variance_kept * variances.sum();
  double kept = 0;
  Eigen::Index count = 0;
  while (count < variances.size() && (count == 0 || kept < wanted * (1 - 1e-12))) {
    kept += variances(variances.size() - 1 - count);
    ++count;
  }
  axes_ = solver.eigenvectors().rightCols(count);
}

Table PcaReconstruction::standardise(const Table& rows) const {
  return (rows.rowwise() - mean_).array().rowwise() / deviation_.array();
}

double PcaReconstruction::error(const Table& rows) const {
  assert(rows.cols() == mean_.size() && rows.rows() > 0);
  const Table standard = standardise(rows);
  const Table rebuilt = standard * axes_ * axes_.transpose();
  return (standard - rebuilt).rowwise().norm().mean();
}

double PcaReconstruction::severity(const Table& reference, const Table& rows) const {
  stats::Moments errors;
  const Eigen::Index chunk = rows.rows();
  for (Eigen::Index from = 0; from + chunk <= reference.rows(); from += chunk) {
    errors.add(error(reference.middleRows(from, chunk)));
  }
  const double spread = errors.sample_deviation();
  return spread > 0 ? (error(rows) - errors.mean()) / spread : 0;
}

}  // namespace rehearse::drift
