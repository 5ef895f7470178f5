#include "stats/distributions.hpp"

#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/bessel.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cassert>
#include <cmath>
#include <numbers>

namespace rehearse::stats {

double normal_cdf(double z) { return 0.5 * std::erfc(-z / std::numbers::sqrt2); }

double normal_density(double z) { return std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi); }

double normal_quantile(double p) {
  assert(p > 0 && p < 1);
  return -std::numbers::sqrt2 * boost::math::erfc_inv(2 * p);
}

double student_two_sided(double t, double df) {
  assert(df > 0);
  if (std::isinf(t)) return 0;
  return boost::math::ibeta(df / 2, 0.5, df / (df + t * t));
}

double student_quantile(double p, double df) {
  assert(p > 0 && p < 1 && df > 0);
  return boost::math::quantile(boost::math::students_t(df), p);
}

double chi_square_tail(double x, double df) {
  assert(df > 0);
  return x <= 0 ? 1 : boost::math::gamma_q(df / 2, x / 2);
}

double binomial_at_least(std::uint64_t k, std::uint64_t n, double p) {
  assert(p >= 0 && p <= 1);
  if (k == 0) return 1;
  if (k > n || p <= 0) return 0;
  if (p >= 1) return 1;
  return boost::math::ibeta(static_cast<double>(k), static_cast<double>(n - k) + 1, p);
}

double binomial_at_most(std::uint64_t k, std::uint64_t n, double p) {
  assert(p >= 0 && p <= 1);
  if (k >= n || p <= 0) return 1;
  if (p >= 1) return 0;
  return boost::math::ibetac(static_cast<double>(k) + 1, static_cast<double>(n - k), p);
}

double cramer_von_mises_limit_cdf(double x) {
  if (!(x > 0)) return 0;
  double sum = 0;
  for (int k = 0; k < 1000; ++k) {
    const double y = 4.0 * k + 1;
    const double q = y * y / (16 * x);
    if (q > 700) break;  // exp(-2q) is below the smallest double
    const double weight = std::exp(std::lgamma(k + 0.5) - std::lgamma(k + 1.0)) /
                          (std::pow(std::numbers::pi, 1.5) * std::sqrt(x));
    const double term = weight * std::sqrt(y) * std::exp(-q) * boost::math::cyl_bessel_k(0.25, q);
    sum += term;
    if (term < 1e-17 * sum) break;
  }
  return std::min(sum, 1.0);
}

double beta_quantile(double p, double a, double b) {
  assert(a > 0 && b > 0 && p >= 0 && p <= 1);
  return boost::math::ibeta_inv(a, b, p);
}

}  // namespace rehearse::stats
