#include "rollout/series.hpp"

#include <algorithm>
#include <cmath>

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
  return fences_sorted(stats::sorted(values), factor, reduce_sensitivity);
}

std::vector<double> prepare(stats::Sample values, const MetricConfig& metric) {
  std::vector<double> kept;
  for (const double value : values) {
    if (std::isfinite(value)) {
      kept.push_back(value);
    } else if (metric.nan == NanStrategy::replace) {
      kept.push_back(0);
    }
  }
  std::sort(kept.begin(), kept.end());
  if (!metric.remove_outliers || kept.empty()) return kept;
  const Fences fences = *fences_sorted(kept, metric.outlier_factor, true);
  std::erase_if(kept, [&](double value) { return value < fences.low || value > fences.high; });
  return kept;
}

}  // namespace rehearse::rollout
