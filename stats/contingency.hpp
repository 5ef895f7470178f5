// Two samples of categories: do they come from one distribution?
//
// Pearson's chi-square for a table of two rows, in which both samples vary; a test that took the
// first for exact (chi_square in two_sample.hpp) would find drift in every small reference. Where
// the counts that equality lets expect are small, the limit distribution is wrong and the tables
// with the same margins are asked instead: all of them for two categories (Fisher 1934, ordered by
// the statistic), a fixed number of random ones for more (Patefield 1981 counts them the same way);
// where those would take too long, or none of them is as far, a scaled chi-square with the
// permutation distribution's own mean and variance (Dawson 1991).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace rehearse::stats {

enum class TableTest { limit, exact, permutation, moments };

/// "limit", "exact", "permutation", "moments".
std::string to_string(TableTest test);

struct TwoSampleChiSquare {
  double statistic = 0;
  double df = 0;
  double p_value = 1;
  TableTest test = TableTest::limit;
};

/// Categories that neither sample has are left out; nullopt when fewer than two are left or a
/// sample is empty. The p-value does not depend on anything but the counts. REQUIRES: equally long,
/// counts whole and >= 0.
std::optional<TwoSampleChiSquare> two_sample_chi_square(const std::vector<double>& first,
                                                        const std::vector<double>& second);

/// Two-sided p-value of equal proportions: the test above on a table of two by two; 1 where it is
/// not defined. REQUIRES: successes <= trials.
double two_proportions_p(std::uint64_t successes_1, std::uint64_t trials_1,
                         std::uint64_t successes_2, std::uint64_t trials_2);

/// The same, exact whatever the counts: twice the smaller tail of Fisher's test (1934). For the far
/// tail, which the limit distribution does not know.
double exact_proportions_p(std::uint64_t successes_1, std::uint64_t trials_1,
                           std::uint64_t successes_2, std::uint64_t trials_2);

/// Probability that the largest `beyond` of `of + others` values, or more, are all of a sample of
/// `of` when both samples come from one distribution. REQUIRES: beyond <= of.
double all_from_one_p(std::uint64_t beyond, std::uint64_t of, std::uint64_t others);

/// Mean and variance of the statistic over all tables with these margins (Dawson 1991 after Haldane
/// 1940). REQUIRES: a total of at least four; of three the variance is NaN.
struct TableMoments {
  double mean = 0;
  double variance = 0;
};
TableMoments chi_square_moments(double first, double second, const std::vector<double>& totals);

}  // namespace rehearse::stats
