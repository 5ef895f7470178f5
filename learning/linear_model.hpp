// What a version is: the coefficients of a fitted logistic model, and the means of its training
// data, which stand in for features that are absent.
#pragma once

#include <cmath>
#include <span>
#include <vector>

namespace rehearse::learning {

struct LinearModel {
  double intercept = 0;
  std::vector<double> weights;
  std::vector<double> training_mean;

  /// The logit that it predicts from served values, NaN where a feature is absent.
  double score(std::span<const double> served) const {
    double sum = intercept;
    for (std::size_t j = 0; j < weights.size(); ++j) {
      sum += weights[j] * (std::isnan(served[j]) ? training_mean[j] : served[j]);
    }
    return sum;
  }
  bool operator==(const LinearModel&) const = default;
};

}  // namespace rehearse::learning
