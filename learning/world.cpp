#include "learning/world.hpp"

#include <cmath>

#include "base/debug_assert.hpp"

namespace rehearse::learning {

World World::standard(std::size_t features, double intercept) {
  World world;
  world.intercept = intercept;
  world.weights.assign(features, 0);
  world.mean.assign(features, 0);
  world.deviation.assign(features, 1);
  world.absent.assign(features, 0);
  return world;
}

double logit(const World& world, std::span<const double> values) {
  debug_assert(values.size() == world.features());
  double sum = world.intercept;
  for (std::size_t j = 0; j < values.size(); ++j) sum += world.weights[j] * values[j];
  const Curvature& curvature = world.curvature;
  if (curvature.value != 0) {
    const double x = values[curvature.feature];
    sum += curvature.value * (x * x - 1);
  }
  return sum;
}

double click_probability(double logit) { return 1 / (1 + std::exp(-logit)); }

}  // namespace rehearse::learning
