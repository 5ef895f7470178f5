#include "rollout/series.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/debug_assert.hpp"
#include "rollout/scaling.hpp"
#include "stats/quantiles.hpp"

namespace rehearse::rollout {
namespace {

std::optional<Fences> fences_sorted(stats::Sample sorted, double factor, bool reduce_sensitivity) {
  if (sorted.empty()) return std::nullopt;
  const double q1 = stats::quantile_sorted(sorted, 25, 100);
  const double q3 = stats::quantile_sorted(sorted, 75, 100);
  Fences fences{q1 - factor * (q3 - q1), q3 + factor * (q3 - q1)};
  if (reduce_sensitivity) {
    fences.low = std::min(fences.low, stats::quantile_sorted(sorted, 1, 100));
    fences.high = std::max(fences.high, stats::quantile_sorted(sorted, 99, 100));
  }
  return fences;
}

}  // namespace

std::optional<Fences> iqr_fences(stats::Sample values, double factor, bool reduce_sensitivity) {
  debug_assert(
      std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); }));
  return fences_sorted(stats::sorted(values), factor, reduce_sensitivity);
}

std::vector<double> prepare(stats::Sample values, const MetricConfig& metric) {
  std::vector<double> kept;
  for (const double value : values) {
    if (!std::isnan(value)) {
      kept.push_back(value);
    } else if (metric.nan == NanStrategy::replace) {
      kept.push_back(0);
    }
  }
  std::sort(kept.begin(), kept.end());
  if (!metric.remove_outliers) return kept;
  const auto infinite = [](double value) { return std::isinf(value); };
  const auto first = std::find_if_not(kept.begin(), kept.end(), infinite);
  const auto last = std::find_if(first, kept.end(), infinite);
  const stats::Sample finite(first, last);
  const Scaling scaling = Scaling::for_differences({finite});
  const auto fences = fences_sorted(scaling.apply(finite), metric.outlier_factor, true);
  if (!fences) return kept;
  const double low = scaling.restore(fences->low), high = scaling.restore(fences->high);
  std::erase_if(
      kept, [&](double value) { return std::isfinite(value) && (value < low || value > high); });
  return kept;
}

PointCounts count_points(stats::Sample values) {
  PointCounts result;
  for (const double value : values) {
    ++result.points;
    if (std::isnan(value)) ++result.missing;
    if (std::isinf(value)) ++(value > 0 ? result.above : result.below);
  }
  return result;
}

std::string infinite_text(const PointCounts& baseline, const PointCounts& canary) {
  std::string text;
  const auto add = [&](std::size_t count, const PointCounts& of, const char* side,
                       const char* sign) {
    if (count == 0) return;
    text += fmt::format("{}{} of {} {} values {} {}Inf", text.empty() ? "" : ", ", count, of.points,
                        side, count == 1 ? "is" : "are", sign);
  };
  add(canary.above, canary, "canary", "+");
  add(canary.below, canary, "canary", "-");
  add(baseline.above, baseline, "baseline", "+");
  add(baseline.below, baseline, "baseline", "-");
  return text;
}

std::optional<Substitution> Substitution::of(stats::Sample baseline, stats::Sample canary) {
  Substitution result;
  double low = 0, high = 0;
  bool any = false;
  for (const stats::Sample side : {baseline, canary}) {
    for (const double value : side) {
      if (std::isinf(value)) {
        result.needed_ = true;
      } else {
        low = any ? std::min(low, value) : value;
        high = any ? std::max(high, value) : value;
        any = true;
      }
    }
  }
  if (!result.needed_) return result;
  result.room_ = (high - low) + std::max({1.0, std::abs(high), std::abs(low)});
  constexpr double kFar = 4;
  result.low_ = low - kFar * result.room_;
  result.high_ = high + kFar * result.room_;
  // The largest difference of two substituted values has to exist too.
  if (!std::isfinite(result.high_ - result.low_)) return std::nullopt;
  return result;
}

std::vector<double> Substitution::apply(stats::Sample values) const {
  std::vector<double> result(values.begin(), values.end());
  for (double& value : result) {
    if (std::isinf(value)) value = value > 0 ? high_ : low_;
  }
  return result;
}

double Substitution::restore(double difference) const {
  // Finite values are at most one room apart; half of the way to an infinite one is further.
  constexpr double kBeyond = 1.2;
  if (!needed_ || std::abs(difference) <= kBeyond * room_) return difference;
  return std::copysign(std::numeric_limits<double>::infinity(), difference);
}

}  // namespace rehearse::rollout
