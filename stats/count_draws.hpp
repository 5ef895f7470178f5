// Random counts: Poisson, binomial and multinomial, and the beta distribution of an order
// statistic.
//
// Exact laws by Boost.Random's algorithms (Hoermann 1993, "The transformed rejection method for
// generating Poisson random variables" and "The generation of binomial random variates"; inversion
// for small means), whose results do not depend on the compiler's library. What is certain draws
// nothing.
#pragma once

#include <cstdint>
#include <vector>

#include "stats/random.hpp"
#include "stats/sample.hpp"

namespace rehearse::stats {

/// REQUIRES: 0 <= mean < 1e15.
std::uint64_t draw_poisson(Stream& stream, double mean);

/// Successes in n trials. REQUIRES: n < 1e15, 0 <= p <= 1.
std::uint64_t draw_binomial(Stream& stream, std::uint64_t n, double p);

/// How n things fall into classes with these shares of them, class by class: one binomial for each
/// but the last. Shares need not sum to 1. `counts` is resized; doubles, as what is compared are
/// shares. REQUIRES: a share above 0, none below; n < 1e15.
void draw_multinomial(Stream& stream, std::uint64_t n, Sample shares, std::vector<double>& counts);

/// Beta(a, b): of n uniform variables the k-th smallest is Beta(k, n - k + 1). REQUIRES: a, b > 0.
double draw_beta(Stream& stream, double a, double b);

}  // namespace rehearse::stats
