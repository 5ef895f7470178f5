#include "learning/engagement.hpp"

#include <cassert>
#include <cmath>
#include <vector>

#include "learning/absence.hpp"

namespace rehearse::learning {
namespace {

constexpr double kCoarsest = 0.25;  // of a step along the score

void check(const ServingPolicy& serving) {
  assert(serving.candidates > 0 && serving.exploration >= 0 && serving.exploration <= 1);
}

double rate_of_best(const ClickCurve& curve, std::size_t candidates) {
  if (curve.flat()) return curve(0);
  return best_of(candidates, step_for(curve.slope(), kCoarsest), curve);
}

double ranked(const World& world, const ServedScore& score, std::size_t candidates) {
  double mean = 0;
  for_each_pattern(world, score.weights, [&](double chance, const std::vector<bool>& present) {
    mean += chance * rate_of_best(ClickCurve(world, score, present), candidates);
  });
  return mean;
}

double with_exploration(double rate, const World& world, double exploration) {
  if (exploration == 0) return rate;
  return (1 - exploration) * rate + exploration * random_engagement(world);
}

// Under curvature: the distribution of one candidate's logit, of which only the curved feature's
// part is not normal.
class CurvedLogit {
 public:
  explicit CurvedLogit(const World& world) {
    const std::size_t c = world.curvature.feature;
    double rest_variance = 0, rest_mean = world.intercept;
    for (std::size_t j = 0; j < world.features(); ++j) {
      if (j == c) continue;
      rest_mean += world.weights[j] * world.mean[j];
      rest_variance += std::pow(world.weights[j] * world.deviation[j], 2);
    }
    deviation_ = std::max(std::sqrt(rest_variance), kLeastRest);
    const double q = world.curvature.value, spread = world.deviation[c];
    const double steepest =
        spread * (std::abs(world.weights[c] + 2 * q * world.mean[c]) + 8 * std::abs(q) * spread);
    nodes_ = normal_nodes(std::min(0.5, deviation_ / std::max(steepest, 1e-6)));
    for (NormalNode& node : nodes_) {
      const double x = world.mean[c] + spread * node.value;
      node.value = rest_mean + world.weights[c] * x + q * (x * x - 1);
      highest_ = std::max(highest_, node.value);
      lowest_ = std::min(lowest_, node.value);
    }
  }

  double step() const { return std::min(kCoarsest, deviation_ / 4); }
  double highest() const { return highest_ + kReach * deviation_; }
  double lowest() const { return lowest_ - kReach * deviation_; }

  struct Value {
    double distribution = 0, density = 0;
  };
  Value at(double logit) const {
    Value value;
    for (const NormalNode& node : nodes_) {
      const double z = (logit - node.value) / deviation_;
      if (z > kReach) value.distribution += node.weight;
      if (std::abs(z) > kReach) continue;
      value.distribution += node.weight * stats::normal_cdf(z);
      value.density += node.weight * stats::normal_density(z) / deviation_;
    }
    return value;
  }

 private:
  static constexpr double kLeastRest = 0.02, kReach = 6.5;

  double deviation_ = 0;
  double highest_ = -HUGE_VAL, lowest_ = HUGE_VAL;
  std::vector<NormalNode> nodes_;
};

/// The integral of sigma(e) dF(e)^K, F being the distribution of one candidate's logit.
double curved_bound(const World& world, std::size_t candidates) {
  constexpr double kNegligible = 1e-13;
  const CurvedLogit one(world);
  const double step = one.step(), count = static_cast<double>(candidates);
  double sum = 0;
  bool met = false;
  for (double e = one.highest(); e > one.lowest(); e -= step) {
    const CurvedLogit::Value value = one.at(e);
    const double weight =
        count * value.density * integer_power(value.distribution, candidates - 1) * step;
    if (weight > kNegligible) met = true;
    if (weight <= kNegligible && met && value.distribution < 0.5) break;
    sum += weight * click_probability(e);
  }
  return sum;
}

double best_rate(const World& world, std::size_t candidates) {
  if (candidates == 1) return random_engagement(world);
  if (world.curvature.value != 0) return curved_bound(world, candidates);
  const std::vector<bool> present(world.features(), true);
  return rate_of_best(ClickCurve(world, {world.weights}, present), candidates);
}

template <class Rate>
double mean_over(const Worlds& worlds, const Rate& rate) {
  double mean = 0;
  for (const WorldPart& part : worlds) mean += part.share * rate(part.world);
  return mean;
}

}  // namespace

double random_engagement(const World& world) {
  const std::vector<double> none(world.features(), 0);
  return ClickCurve(world, {none}, std::vector<bool>(world.features(), true))(0);
}

double expected_engagement(const World& world, const ServedScore& score,
                           const ServingPolicy& serving) {
  check(serving);
  return with_exploration(ranked(world, score, serving.candidates), world, serving.exploration);
}

double expected_engagement(const Worlds& worlds, const ServedScore& score,
                           const ServingPolicy& serving) {
  return mean_over(worlds, [&](const World& w) { return expected_engagement(w, score, serving); });
}

double engagement_bound(const World& world, const ServingPolicy& serving) {
  check(serving);
  return with_exploration(best_rate(world, serving.candidates), world, serving.exploration);
}

double engagement_bound(const Worlds& worlds, const ServingPolicy& serving) {
  return mean_over(worlds, [&](const World& w) { return engagement_bound(w, serving); });
}

double expected_auc(const World& world, const ServedScore& score) {
  const ClickCurve curve(world, score, std::vector<bool>(world.features(), true));
  if (curve.flat()) return 0.5;
  const double step = std::min(1.0 / 32, step_for(curve.slope(), kCoarsest) / 4);
  const int reach = static_cast<int>(8 / step);
  std::vector<double> clicks, others;  // densities of the score of either, times their share
  for (int i = -reach; i <= reach; ++i) {
    const double u = i * step, density = stats::normal_density(u), rate = curve(u);
    clicks.push_back(density * rate);
    others.push_back(density * (1 - rate));
  }
  // P(the score of a click is above that of another): the inner integral by cubic interpolation.
  double below = 0, pairs = 0, all_clicks = 0, all_others = 0;
  for (std::size_t i = 2; i + 1 < clicks.size(); ++i) {
    below += step / 24 * (13 * (others[i - 1] + others[i]) - others[i - 2] - others[i + 1]);
    pairs += step * clicks[i] * below;
    all_clicks += step * clicks[i];
    all_others += step * others[i];
  }
  return pairs / (all_clicks * all_others);
}

}  // namespace rehearse::learning
