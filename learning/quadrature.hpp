// Integrals against normal densities, by the trapezoid rule: for functions that are smooth on the
// real line its error falls exponentially with the step (Trefethen and Weideman 2014, "The
// exponentially convergent trapezoidal rule").
//
// A logistic function of slope v has its nearest pole at a distance pi / v from the line, so a step
// of 0.8 / v leaves an error of about exp(-2 pi^2 / 0.8) = 2e-11.
#pragma once

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <vector>

#include "stats/distributions.hpp"

namespace rehearse::learning {

/// The step that resolves a logistic function of this slope: at most `coarsest`, at least 1/256,
/// which bounds the work for slopes that no model has.
inline double step_for(double slope, double coarsest) {
  return std::clamp(0.8 / std::max(slope, 1e-6), 1.0 / 256, coarsest);
}

inline double integer_power(double base, std::size_t exponent) {
  double result = 1;
  for (; exponent > 0; exponent /= 2) {
    if (exponent % 2 == 1) result *= base;
    base *= base;
  }
  return result;
}

/// The mean of f(the largest of `candidates` standard normals): the integral of K phi(u)
/// Phi(u)^(K-1) f(u) for K candidates. REQUIRES: candidates > 0, 0 < step <= 1/4.
template <class Function>
double best_of(std::size_t candidates, double step, const Function& f) {
  constexpr double kEnd = 8, kNegligible = 1e-13;
  assert(candidates > 0 && step > 0 && step <= 0.25);
  const double count = static_cast<double>(candidates);
  double sum = 0;
  bool met = false;  // from above the weights rise to one peak and fall
  for (double i = std::floor(kEnd / step); i * step >= -kEnd; --i) {
    const double u = i * step;
    double weight = count * stats::normal_density(u) * step;
    if (weight > kNegligible && candidates > 1) {
      weight *= integer_power(stats::normal_cdf(u), candidates - 1);
    }
    if (weight > kNegligible) {
      met = true;
      sum += weight * f(u);
    } else if (met) {
      break;
    }
  }
  return sum;
}

/// The mean of 1 / (1 + exp(-(a + s Z))) over a standard normal Z, for many a and one s: the
/// logistic-normal integral L(a, s), to 1e-10.
class LogisticNormal {
 public:
  /// REQUIRES: deviation >= 0.
  explicit LogisticNormal(double deviation);
  double operator()(double mean) const;

 private:
  struct Pair {
    double weight;  ///< of each of the nodes z and -z
    double spread;  ///< exp(s z) + exp(-s z)
  };
  double middle_ = 1;  ///< weight of the node 0
  std::vector<Pair> pairs_;
};

/// Nodes of a standard normal variable and their weights.
struct NormalNode {
  double value = 0;
  double weight = 1;
};
std::vector<NormalNode> normal_nodes(double step);

}  // namespace rehearse::learning
