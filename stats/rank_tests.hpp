// Mann-Whitney's test and the Hodges-Lehmann shift with its interval, defined as in R's
// wilcox.test(x, y, exact=FALSE, correct=TRUE, conf.int=TRUE). Shifts are x minus y.
//
// The shift's interval holds the shifts d at which the test of (x - d, y) does not reject. As a
// function of d the test statistic is a step function that jumps at the pairwise differences
// x_i - y_j, so the exact interval ends on order statistics of those n*m differences. They are
// found without an n*m array, by counting how many lie at or below a value (linear time on sorted
// data) and narrowing until few are left.
//
// R and Kayenta look for the jumps with Brent's root finder and an absolute tolerance of 1e-4, so
// their ends carry errors of that size; RootTolerance::like_kayenta reproduces that, for data on
// which a decision hinges on the error.
#pragma once

#include <optional>

#include "stats/sample.hpp"

namespace rehearse::stats {

struct MannWhitney {
  double w = 0;        ///< pairs with x > y plus half the ties
  double z = 0;        ///< with tie and continuity correction
  double p_value = 1;  ///< two-sided, normal approximation
};

/// nullopt when a sample is empty or all values are equal. REQUIRES: both sorted.
std::optional<MannWhitney> mann_whitney_sorted(Sample x, Sample y);
std::optional<MannWhitney> mann_whitney(Sample x, Sample y);

/// P(x > y) + P(x = y) / 2. REQUIRES: both sorted and not empty.
double common_language_effect_sorted(Sample x, Sample y);

struct Shift {
  double estimate = 0;
  double low = 0;
  double high = 0;
};

/// Lower and upper median of the pairwise differences: what lies between is a Hodges-Lehmann
/// estimate too.
struct ShiftBracket {
  double low = 0;
  double high = 0;
};

enum class RootTolerance { exact, like_kayenta };

/// nullopt when a sample is empty, or (like_kayenta) when all ranks tie at an end of the search
/// range. In exact mode the estimate is the median of the differences. REQUIRES: both sorted,
/// 0 < confidence < 1.
std::optional<Shift> shift_sorted(Sample x, Sample y, double confidence,
                                  RootTolerance tolerance = RootTolerance::exact);

/// REQUIRES: both sorted and not empty.
ShiftBracket shift_bracket_sorted(Sample x, Sample y);

}  // namespace rehearse::stats
