#include "rollout/scaling.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace rehearse::rollout {

Scaling Scaling::to(std::initializer_list<stats::Sample> samples, int from, int to) {
  int most = std::numeric_limits<int>::min();
  for (const stats::Sample sample : samples) {
    for (const double value : sample) {
      if (std::isfinite(value) && value != 0) most = std::max(most, std::ilogb(value));
    }
  }
  Scaling scaling;
  if (most > from) scaling.exponent_ = most - to;
  return scaling;
}

Scaling Scaling::for_differences(std::initializer_list<stats::Sample> samples) {
  return to(samples, 1000, 1000);
}

Scaling Scaling::for_squares(std::initializer_list<stats::Sample> samples) {
  return to(samples, 460, 300);
}

std::vector<double> Scaling::apply(stats::Sample values) const {
  std::vector<double> result(values.begin(), values.end());
  if (!needed()) return result;
  for (double& value : result) value = std::ldexp(value, -exponent_);
  return result;
}

double Scaling::restore(double result) const {
  if (!needed() || !std::isfinite(result)) return result;
  constexpr double kMost = std::numeric_limits<double>::max();
  return std::clamp(std::ldexp(result, exponent_), -kMost, kMost);
}

}  // namespace rehearse::rollout
