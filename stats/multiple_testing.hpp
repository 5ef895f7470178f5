// Several hypotheses tested together: how many of those rejected may be false.
#pragma once

#include <vector>

namespace rehearse::stats {

/// In the order of the p-values.
struct Discoveries {
  std::vector<bool> rejected;
  std::vector<double> adjusted;  ///< the smallest level at which each would be rejected
};

/// Benjamini and Hochberg (1995): which hypotheses are rejected at false discovery rate q. With
/// always-valid p-values it may be asked at any time.
Discoveries benjamini_hochberg(const std::vector<double>& p_values, double q);

/// Holm (1979): which hypotheses are rejected so that the chance of any false rejection is at most
/// alpha, however the tests depend on each other.
Discoveries holm(const std::vector<double>& p_values, double alpha);

}  // namespace rehearse::stats
