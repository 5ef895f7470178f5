#include "rollout/second_opinion.hpp"

#include <fmt/format.h>

#include <cassert>
#include <cmath>

#include "stats/distributions.hpp"
#include "stats/kolmogorov.hpp"
#include "stats/two_sample.hpp"

namespace rehearse::rollout {
namespace {

/// Up to so many pairs the exact p-value given the ties is worked out.
constexpr std::size_t kExactPairs = 4'000'000;

struct Events {
  std::uint64_t events = 0;
  std::uint64_t points = 0;
};

/// nullopt for a series that holds no counts.
std::optional<Events> count_events(const std::vector<double>& values) {
  Events result;
  for (const double value : values) {
    ++result.points;
    if (std::isnan(value)) continue;
    if (value < 0 || value > 1e12 || value != std::floor(value)) return std::nullopt;
    result.events += static_cast<std::uint64_t>(value);
  }
  return result;
}

bool may_rise(const MetricConfig& metric) { return metric.direction != Direction::decrease; }
bool may_fall(const MetricConfig& metric) { return metric.direction != Direction::increase; }

std::optional<Opinion> sparse_opinion(const MetricConfig& metric, const SecondOpinions& settings,
                                      const Series& series) {
  const auto before = count_events(series.baseline), now = count_events(series.canary);
  if (!before || !now || before->points == 0 || now->points == 0) return std::nullopt;
  const CountTest test = compare_counts(before->events, before->points, now->events, now->points);
  // A metric watched in both directions spends half of its error on each.
  const double sides = metric.direction == Direction::either ? 2 : 1;
  const auto opinion = [&](Label label, double p) {
    return Opinion{label, std::min(1.0, p * sides),
                   fmt::format("{} events in {} points against {} in {} of the baseline",
                               now->events, now->points, before->events, before->points)};
  };
  if (may_rise(metric) && test.higher_p * sides <= settings.sparse_significance) {
    return opinion(Label::high, test.higher_p);
  }
  if (may_fall(metric) && test.lower_p * sides <= settings.sparse_significance) {
    return opinion(Label::low, test.lower_p);
  }
  return std::nullopt;
}

std::optional<Opinion> distribution_opinion(const MetricConfig& metric,
                                            const SecondOpinions& settings, stats::Sample baseline,
                                            stats::Sample canary) {
  if (baseline.empty() || canary.empty()) return std::nullopt;
  const stats::OneSidedDistances distances = stats::one_sided_distances_sorted(canary, baseline);
  const double above = may_rise(metric) ? distances.above : 0;
  const double below = may_fall(metric) ? distances.below : 0;
  const double distance = std::max(above, below);
  if (distance < settings.distribution_effect) return std::nullopt;
  // The two-sided probability: on the safe side where one side is watched.
  const double m = static_cast<double>(canary.size()), n = static_cast<double>(baseline.size());
  const double p = baseline.size() * canary.size() <= kExactPairs
                       ? stats::kolmogorov_smirnov_exact_p_sorted(canary, baseline, distance)
                       : stats::kolmogorov_limit_tail(std::sqrt(m * n / (m + n)) * distance);
  if (p > settings.distribution_significance) return std::nullopt;
  return Opinion{
      above >= below ? Label::high : Label::low, p,
      fmt::format("the distributions differ: Kolmogorov-Smirnov distance {:.3g}", distance)};
}

}  // namespace

CountTest compare_counts(std::uint64_t baseline_events, std::uint64_t baseline_points,
                         std::uint64_t canary_events, std::uint64_t canary_points) {
  assert(baseline_points > 0 && canary_points > 0);
  const double share =
      static_cast<double>(canary_points) / static_cast<double>(baseline_points + canary_points);
  const std::uint64_t all = baseline_events + canary_events;
  return {stats::binomial_at_least(canary_events, all, share),
          stats::binomial_at_most(canary_events, all, share)};
}

bool are_counts(const Series& series) {
  const auto before = count_events(series.baseline), now = count_events(series.canary);
  return before && now && before->points > 0 && now->points > 0;
}

std::optional<Opinion> second_opinion(const MetricConfig& metric, const SecondOpinions& settings,
                                      const Series& series, stats::Sample baseline,
                                      stats::Sample canary) {
  if (settings.sparse_counts && metric.sparse) {
    if (const auto opinion = sparse_opinion(metric, settings, series)) return opinion;
  }
  if (settings.distribution) return distribution_opinion(metric, settings, baseline, canary);
  return std::nullopt;
}

}  // namespace rehearse::rollout
