// Distributions of the Kolmogorov-Smirnov statistic.
//
// Three forms are in use for the p-value of two samples of sizes n and m:
// - the classical limit, Q(sqrt(nm/(n+m)) D);
// - the exact distribution of one sample of round(nm/(n+m)) values, which SciPy calls "asymp";
// - the exact distribution for two samples without ties, by counting lattice paths (Viehmann 2021).
#pragma once

#include <cstddef>
#include <vector>

namespace rehearse::stats {

/// Q(z) = 2 sum_{j>=1} (-1)^{j-1} exp(-2 j^2 z^2), the tail of the limit distribution.
double kolmogorov_limit_tail(double z);

/// P(D_n >= d) for one sample of n values. Durbin's matrix (Marsaglia, Tsang and Wang 2003) for
/// small n, Pelz and Good (1976) for large n, twice the one-sided probability in the tail. Relative
/// error below 1e-5. REQUIRES: n > 0.
double kolmogorov_one_sample_tail(double d, std::size_t n);

/// P(D_n+ >= d), one-sided and exact (Smirnov 1944). Takes time proportional to n.
double smirnov_one_sided_tail(double d, std::size_t n);

/// P(D_{n,m} >= d) for two samples without ties; takes time proportional to nm.
double kolmogorov_two_sample_exact_tail(double d, std::size_t n, std::size_t m);

/// The same given the ties: `compared[k]` says whether the distribution functions are compared
/// after the k smallest pooled values (not in the midst of equal ones). REQUIRES: n + m + 1
/// entries.
double kolmogorov_two_sample_exact_tail(double d, std::size_t n, std::size_t m,
                                        const std::vector<bool>& compared);

}  // namespace rehearse::stats
