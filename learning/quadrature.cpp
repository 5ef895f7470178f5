#include "learning/quadrature.hpp"

namespace rehearse::learning {
namespace {

constexpr double kNormalEnd = 6.5;        // beyond lies 8e-11
constexpr double kLargestExponent = 700;  // exp() of it and of its negative are ordinary numbers

}  // namespace

std::vector<NormalNode> normal_nodes(double step) {
  assert(step > 0);
  std::vector<NormalNode> nodes;
  const int reach = static_cast<int>(kNormalEnd / step);
  for (int i = -reach; i <= reach; ++i) {
    nodes.push_back({i * step, step * stats::normal_density(i * step)});
  }
  return nodes;
}

LogisticNormal::LogisticNormal(double deviation) {
  assert(deviation >= 0);
  if (deviation == 0) return;
  const double step = step_for(deviation, 0.5);
  middle_ = step * stats::normal_density(0);
  for (int i = 1; i * step <= kNormalEnd; ++i) {
    const double z = i * step;
    const double factor = std::exp(std::min(deviation * z, kLargestExponent));
    pairs_.push_back({step * stats::normal_density(z), factor + 1 / factor});
  }
}

// With t = exp(a), a <= 0, the nodes z and -z together are (t c + 2 t^2) / (1 + t c + t^2), c their
// spread: one exponential for all nodes and one division for two.
double LogisticNormal::operator()(double mean) const {
  const double t = std::exp(-std::min(std::abs(mean), kLargestExponent));
  double sum = middle_ * t / (1 + t);
  for (const Pair& pair : pairs_) {
    sum += pair.weight * (t * (pair.spread + 2 * t)) / (1 + t * (pair.spread + t));
  }
  return mean > 0 ? 1 - sum : sum;
}

}  // namespace rehearse::learning
