#include "rollout/evidence.hpp"

#include <cmath>

#include "stats/distributions.hpp"

namespace rehearse::rollout {

bool can_reject(std::size_t canary, std::size_t baseline, double confidence) {
  const double m = static_cast<double>(canary), n = static_cast<double>(baseline);
  const double sigma = std::sqrt(m * n / 12 * (m + n + 1));
  return (m * n / 2 - 0.5) / sigma > stats::normal_quantile(0.5 + confidence / 2);
}

std::size_t least_points(double confidence) {
  std::size_t points = 1;
  while (!can_reject(points, points, confidence)) ++points;
  return points;
}

}  // namespace rehearse::rollout
