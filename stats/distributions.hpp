// Distribution functions and quantiles, from Boost.Math. Only this header's source includes
// Boost's, which are slow to compile.
#pragma once

#include <cstdint>

namespace rehearse::stats {

double normal_cdf(double z);
double normal_density(double z);
/// REQUIRES: 0 < p < 1.
double normal_quantile(double p);

/// P(|T| >= |t|) with `df` degrees of freedom, which may be fractional. REQUIRES: df > 0.
double student_two_sided(double t, double df);
/// REQUIRES: 0 < p < 1, df > 0.
double student_quantile(double p, double df);

/// P(X >= x). REQUIRES: df > 0.
double chi_square_tail(double x, double df);

/// P(X >= k) and P(X <= k) for X binomial(n, p). REQUIRES: 0 <= p <= 1.
double binomial_at_least(std::uint64_t k, std::uint64_t n, double p);
double binomial_at_most(std::uint64_t k, std::uint64_t n, double p);

/// Limit distribution of the Cramer-von Mises statistic, P(W <= x), as Csorgo and Faraway (1996)
/// give it as a series in Bessel functions.
double cramer_von_mises_limit_cdf(double x);

/// Quantile of the beta distribution. REQUIRES: a, b > 0, 0 <= p <= 1.
double beta_quantile(double p, double a, double b);

}  // namespace rehearse::stats
