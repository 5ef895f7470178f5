#include "learning/served_values.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "learning/absence.hpp"
#include "stats/distributions.hpp"
#include "stats/roots.hpp"

namespace rehearse::learning {
namespace {

double below(const NormalPart& part, double x) {
  if (part.deviation == 0) return part.mean <= x ? 1 : 0;
  return stats::normal_cdf((x - part.mean) / part.deviation);
}

/// P(from < value <= to), without cancellation in the upper tail.
double between(const NormalPart& part, double from, double to) {
  if (part.deviation == 0 || from < part.mean) return below(part, to) - below(part, from);
  const double low = (part.mean - to) / part.deviation;
  const double high = (part.mean - from) / part.deviation;
  return stats::normal_cdf(high) - stats::normal_cdf(low);
}

}  // namespace

ServedValues served_feature(const Worlds& worlds, std::size_t feature) {
  ServedValues values;
  for (const WorldPart& part : worlds) {
    const World& world = part.world;
    const double there = part.share * (1 - world.absent[feature]);
    values.absent += part.share * world.absent[feature];
    if (there > 0) values.parts.push_back({there, world.mean[feature], world.deviation[feature]});
  }
  return values;
}

ServedValues served_score(const Worlds& worlds, const LinearModel& model) {
  ServedValues values;
  for (const WorldPart& part : worlds) {
    const World& world = part.world;
    for_each_pattern(world, model.weights, [&](double chance, const std::vector<bool>& present) {
      double mean = model.intercept, variance = 0;
      for (std::size_t j = 0; j < world.features(); ++j) {
        mean += model.weights[j] * (present[j] ? world.mean[j] : model.training_mean[j]);
        if (present[j]) variance += std::pow(model.weights[j] * world.deviation[j], 2);
      }
      values.parts.push_back({part.share * chance, mean, std::sqrt(variance)});
    });
  }
  return values;
}

double distribution(const ServedValues& values, double x) {
  double sum = 0;
  for (const NormalPart& part : values.parts) sum += part.share * below(part, x);
  return sum;
}

double quantile(const ServedValues& values, double p) {
  assert(p > 0 && p < 1);
  constexpr double kReach = 40;  // deviations, beyond every chance that a double holds
  double low = HUGE_VAL, high = -HUGE_VAL;
  for (const NormalPart& part : values.parts) {
    low = std::min(low, part.mean - kReach * part.deviation);
    high = std::max(high, part.mean + kReach * part.deviation);
  }
  assert(low < high);
  const double wanted = p * (1 - values.absent);
  return stats::find_root([&](double x) { return distribution(values, x) - wanted; }, low, high,
                          1e-14);
}

std::vector<double> bin_shares(const ServedValues& values, std::span<const double> cuts) {
  std::vector<double> shares;
  double from = -HUGE_VAL;
  for (std::size_t i = 0; i <= cuts.size(); ++i) {
    const double to = i < cuts.size() ? cuts[i] : HUGE_VAL;
    double share = 0;
    for (const NormalPart& part : values.parts) share += part.share * between(part, from, to);
    shares.push_back(std::max(0.0, share));
    from = to;
  }
  shares.push_back(values.absent);
  return shares;
}

}  // namespace rehearse::learning
