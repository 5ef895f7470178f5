// Ridge logistic regression.
//
// Minimises sum_i w_i [ln(1 + exp(e_i)) - y_i e_i] + (ridge / 2) sum_(j >= 1) b_j^2 with e_i = b_0
// + sum_j b_j x_ij: sums and not means, the intercept free, columns as they are. Newton's method
// (iteratively reweighted least squares) with step halving, until no coefficient moves by more than
// 1e-10 (1 + |b|max), in at most 100 steps. Where it starts does not change the result beyond 1e-8
// (1 + |b|max). Sums run in the order of the rows, so the same rows give the same bytes.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "learning/examples.hpp"

namespace rehearse::learning {

struct FitSettings {
  double ridge = 1;
  std::size_t of_each = 1;         ///< rows of each class that it takes
  std::vector<double> start = {};  ///< coefficients to start from; empty: all 0
};

struct Fit {
  std::vector<double> coefficients;  ///< the intercept first
  double objective = 0;
  int steps = 0;
};

/// Why rows cannot be fitted.
struct FitRefused {
  enum class Why { no_rows, too_few_of_class, no_unique_minimum, no_convergence } why;
  std::string reason;
};

/// REQUIRES: ridge >= 0; `start` empty or one longer than the columns; every y 0 or 1, no weight
/// below 0.
std::variant<Fit, FitRefused> fit_logistic(const Examples& examples, const FitSettings& settings);

}  // namespace rehearse::learning
