#include "stats/kolmogorov.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>
#include <vector>

namespace rehearse::stats {
namespace {

/// From here on n d^2 makes the neglected terms of the two-sided tail, about exp(-6 n d^2)
/// relatively, smaller than 2e-6.
constexpr double kTail = 2.2;
/// Up to this size the matrix has at most about 35 rows below the tail.
constexpr std::size_t kMatrixLimit = 140;

/// A power of a matrix with a separate decimal exponent, since its entries leave the doubles'
/// range.
struct Scaled {
  Eigen::MatrixXd matrix;
  int exponent = 0;

  void normalise() {
    const Eigen::Index middle = matrix.rows() / 2;
    if (matrix(middle, middle) > 1e140) {
      matrix *= 1e-140;
      exponent += 140;
    }
  }
};

Scaled power(const Eigen::MatrixXd& base, std::size_t n) {
  Scaled result{Eigen::MatrixXd::Identity(base.rows(), base.cols()), 0};
  Scaled square{base, 0};
  for (; n > 0; n /= 2) {
    if (n % 2 == 1) {
      result.matrix = (result.matrix.lazyProduct(square.matrix)).eval();
      result.exponent += square.exponent;
      result.normalise();
    }
    square.matrix = (square.matrix.lazyProduct(square.matrix)).eval();
    square.exponent *= 2;
    square.normalise();
  }
  return result;
}

/// P(D_n < d) by Durbin's matrix: H is k-banded with corrections in its first column and last row.
double durbin_cdf(double d, std::size_t n) {
  const double size = static_cast<double>(n);
  const int k = static_cast<int>(size * d) + 1;
  const int m = 2 * k - 1;
  const double h = k - size * d;
  Eigen::MatrixXd matrix(m, m);
  for (int i = 0; i < m; ++i) {
    for (int j = 0; j < m; ++j) matrix(i, j) = i - j + 1 < 0 ? 0 : 1;
  }
  for (int i = 0; i < m; ++i) {
    matrix(i, 0) -= std::pow(h, i + 1);
    matrix(m - 1, i) -= std::pow(h, m - i);
  }
  matrix(m - 1, 0) += 2 * h - 1 > 0 ? std::pow(2 * h - 1, m) : 0;
  for (int i = 0; i < m; ++i) {
    for (int j = 0; j < m; ++j) {
      for (int g = 2; g <= i - j + 1; ++g) matrix(i, j) /= g;
    }
  }
  const Scaled result = power(matrix, n);
  double probability = result.matrix(k - 1, k - 1);
  int exponent = result.exponent;
  for (std::size_t i = 1; i <= n; ++i) {
    probability *= static_cast<double>(i) / size;
    if (probability < 1e-140) {
      probability *= 1e140;
      exponent -= 140;
    }
  }
  return probability * std::pow(10.0, exponent);
}

/// P(D_n < d) by Pelz and Good's expansion in powers of 1/sqrt(n), with z = sqrt(n) d.
double pelz_good_cdf(double d, std::size_t n) {
  const double root = std::sqrt(static_cast<double>(n));
  const double z = root * d;
  const double z2 = z * z, z4 = z2 * z2, z6 = z4 * z2;
  const double pi2 = std::numbers::pi * std::numbers::pi, pi4 = pi2 * pi2, pi6 = pi4 * pi2;
  double k0 = 0, k1 = 0, k2a = 0, k2b = 0, k3a = 0, k3b = 0;
  for (int i = 0; i < 100; ++i) {
    const double a = i + 0.5, a2 = a * a, a4 = a2 * a2, a6 = a4 * a2;
    const double odd = std::exp(-a2 * pi2 / (2 * z2));
    k0 += odd;
    k1 += (pi2 * a2 - z2) * odd;
    k2a += (6 * z6 + 2 * z4 + pi2 * (2 * z4 - 5 * z2) * a2 + pi4 * (1 - 2 * z2) * a4) * odd;
    k3a += (-30 * z6 - 90 * z6 * z2 + pi2 * (135 * z4 - 96 * z6) * a2 +
            pi4 * (212 * z4 - 60 * z2) * a4 + pi6 * (5 - 30 * z2) * a6) *
           odd;
    const double b2 = static_cast<double>(i) * i;
    const double even = i == 0 ? 0 : std::exp(-b2 * pi2 / (2 * z2));
    k2b += pi2 * b2 * even;
    k3b += (3 * pi2 * b2 * z2 - pi4 * b2 * b2) * even;
    if (i > 0 && odd < 1e-18 * k0) break;
  }
  const double s = std::sqrt(std::numbers::pi / 2);
  // Sums over all integers are twice those over the non-negative half.
  const double t0 = 2 * s / z * k0;
  const double t1 = 2 * s / (6 * z4) * k1;
  const double t2 = 2 * s / (72 * z6 * z) * k2a - 2 * s / (36 * z2 * z) * k2b;
  const double t3 = 2 * s / (6480 * z6 * z4) * k3a + 2 * s / (216 * z6) * k3b;
  return t0 + t1 / root + t2 / (root * root) + t3 / (root * root * root);
}

}  // namespace

double kolmogorov_limit_tail(double z) {
  assert(z >= 0);
  if (z < 0.04) return 1;  // the distribution function is below 1e-300 there
  double sum = 0;
  double sign = 1;
  for (int j = 1; j <= 200; ++j, sign = -sign) {
    const double term = std::exp(-2.0 * j * j * z * z);
    sum += sign * term;
    if (term <= 1e-18 * std::abs(sum)) break;
  }
  return std::clamp(2 * sum, 0.0, 1.0);
}

double smirnov_one_sided_tail(double d, std::size_t n) {
  assert(n > 0);
  if (d <= 0) return 1;
  if (d >= 1) return 0;
  const double size = static_cast<double>(n);
  const std::size_t last = static_cast<std::size_t>(std::floor(size * (1 - d)));
  double log_choose = 0;
  double sum = 0;
  for (std::size_t j = 0; j <= last; ++j) {
    const double share = static_cast<double>(j) / size;
    const double rest = 1 - d - share;
    if (rest > 0) {
      sum += std::exp(log_choose + (static_cast<double>(j) - 1) * std::log(d + share) +
                      (size - static_cast<double>(j)) * std::log(rest));
    } else if (j == n) {
      sum += std::exp(log_choose + (size - 1) * std::log(d + share));
    }
    log_choose += std::log(static_cast<double>(n - j) / (static_cast<double>(j) + 1));
  }
  return std::min(1.0, d * sum);
}

double kolmogorov_one_sample_tail(double d, std::size_t n) {
  assert(n > 0);
  const double size = static_cast<double>(n);
  if (2 * size * d <= 1) return 1;
  if (d >= 1) return 0;
  const double nd2 = size * d * d;
  if (nd2 > 370) return 0;  // below 1e-320
  if (nd2 >= kTail) return std::min(1.0, 2 * smirnov_one_sided_tail(d, n));
  const double below = n <= kMatrixLimit ? durbin_cdf(d, n) : pelz_good_cdf(d, n);
  return std::clamp(1 - below, 0.0, 1.0);
}

double kolmogorov_two_sample_exact_tail(double d, std::size_t n, std::size_t m) {
  return kolmogorov_two_sample_exact_tail(d, n, m, std::vector<bool>(n + m + 1, true));
}

double kolmogorov_two_sample_exact_tail(double d, std::size_t n, std::size_t m,
                                        const std::vector<bool>& compared) {
  assert(n > 0 && m > 0 && compared.size() == n + m + 1);
  // P(i, j) is the probability that a random path to (i, j) has touched |i/n - j/m| >= d. The
  // distance is compared in integers after rounding d to the lattice it lies on.
  const double reach = std::round(d * static_cast<double>(n) * static_cast<double>(m));
  const auto outside = [&](std::size_t i, std::size_t j) {
    return compared[i + j] &&
           std::abs(static_cast<double>(i * m) - static_cast<double>(j * n)) >= reach;
  };
  if (reach <= 0) return 1;
  std::vector<double> row(m + 1);
  for (std::size_t i = 0; i <= n; ++i) {
    for (std::size_t j = 0; j <= m; ++j) {
      if (outside(i, j)) {
        row[j] = 1;
      } else if (i == 0 && j == 0) {
        row[j] = 0;
      } else {
        const double steps = static_cast<double>(i + j);
        const double down = i > 0 ? static_cast<double>(i) / steps * row[j] : 0;
        const double left = j > 0 ? static_cast<double>(j) / steps * row[j - 1] : 0;
        row[j] = down + left;
      }
    }
  }
  return row[m];
}

}  // namespace rehearse::stats
