#include "stats/two_sample.hpp"

#include <cassert>
#include <cmath>
#include <numeric>

#include "base/debug_assert.hpp"
#include "stats/distributions.hpp"
#include "stats/kolmogorov.hpp"
#include "stats/moments.hpp"

namespace rehearse::stats {

std::optional<Welch> welch(Sample x, Sample y, double confidence) {
  assert(confidence > 0 && confidence < 1);
  if (x.size() < 2 || y.size() < 2) return std::nullopt;
  const Moments a = moments(x), b = moments(y);
  const double of_x = a.sample_variance() / static_cast<double>(x.size());
  const double of_y = b.sample_variance() / static_cast<double>(y.size());
  const double variance = of_x + of_y;
  if (!(variance > 0) || !std::isfinite(variance)) return std::nullopt;
  Welch result;
  const double error = std::sqrt(variance);
  result.difference = mean(x) - mean(y);
  result.t = result.difference / error;
  const double share_x = of_x / variance, share_y = of_y / variance;
  result.df = 1 / (share_x * share_x / static_cast<double>(x.size() - 1) +
                   share_y * share_y / static_cast<double>(y.size() - 1));
  result.p_value = student_two_sided(result.t, result.df);
  const double reach = student_quantile(0.5 + confidence / 2, result.df) * error;
  result.low = result.difference - reach;
  result.high = result.difference + reach;
  return result;
}

OneSidedDistances one_sided_distances_sorted(Sample x, Sample y) {
  debug_assert(std::is_sorted(x.begin(), x.end()) && std::is_sorted(y.begin(), y.end()));
  const double m = static_cast<double>(x.size()), n = static_cast<double>(y.size());
  OneSidedDistances distances;
  std::size_t i = 0, j = 0;
  while (i < x.size() && j < y.size()) {
    const double value = std::min(x[i], y[j]);
    while (i < x.size() && x[i] == value) ++i;
    while (j < y.size() && y[j] == value) ++j;
    const double difference = static_cast<double>(i) / m - static_cast<double>(j) / n;
    distances.above = std::max(distances.above, -difference);
    distances.below = std::max(distances.below, difference);
  }
  return distances;
}

double kolmogorov_smirnov_statistic_sorted(Sample x, Sample y) {
  const OneSidedDistances distances = one_sided_distances_sorted(x, y);
  return std::max(distances.above, distances.below);
}

double kolmogorov_smirnov_exact_p_sorted(Sample x, Sample y, double statistic) {
  debug_assert(std::is_sorted(x.begin(), x.end()) && std::is_sorted(y.begin(), y.end()));
  assert(!x.empty() && !y.empty());
  std::vector<double> pooled(x.size() + y.size());
  std::merge(x.begin(), x.end(), y.begin(), y.end(), pooled.begin());
  std::vector<bool> compared(pooled.size() + 1, true);
  for (std::size_t k = 1; k < pooled.size(); ++k) compared[k] = pooled[k - 1] != pooled[k];
  return kolmogorov_two_sample_exact_tail(statistic, x.size(), y.size(), compared);
}

std::optional<KolmogorovSmirnov> kolmogorov_smirnov_sorted(Sample x, Sample y) {
  if (x.empty() || y.empty()) return std::nullopt;
  KolmogorovSmirnov result;
  result.statistic = kolmogorov_smirnov_statistic_sorted(x, y);
  const double m = static_cast<double>(x.size()), n = static_cast<double>(y.size());
  const double effective = m * n / (m + n);
  // nearbyint rounds halves to even, as SciPy does.
  const double size = std::max(1.0, std::nearbyint(effective));
  result.p_value = kolmogorov_one_sample_tail(result.statistic, static_cast<std::size_t>(size));
  result.limit_p_value = kolmogorov_limit_tail(std::sqrt(effective) * result.statistic);
  return result;
}

std::optional<TestResult> cramer_von_mises_sorted(Sample x, Sample y) {
  debug_assert(std::is_sorted(x.begin(), x.end()) && std::is_sorted(y.begin(), y.end()));
  if (x.empty() || y.empty()) return std::nullopt;
  const double m = static_cast<double>(x.size()), n = static_cast<double>(y.size());
  double of_x = 0, of_y = 0;  // sums of squared distances of pooled mid-rank and own rank
  std::size_t i = 0, j = 0;
  while (i < x.size() || j < y.size()) {
    const double value = i == x.size() ? y[j] : j == y.size() ? x[i] : std::min(x[i], y[j]);
    const std::size_t first_i = i, first_j = j;
    while (i < x.size() && x[i] == value) ++i;
    while (j < y.size() && y[j] == value) ++j;
    const double rank = static_cast<double>(first_i + first_j + i + j + 1) / 2;
    for (std::size_t k = first_i; k < i; ++k) {
      const double distance = rank - static_cast<double>(k + 1);
      of_x += distance * distance;
    }
    for (std::size_t k = first_j; k < j; ++k) {
      const double distance = rank - static_cast<double>(k + 1);
      of_y += distance * distance;
    }
  }
  const double total = m + n, pairs = m * n;
  TestResult result;
  result.statistic = (m * of_x + n * of_y) / (pairs * total) - (4 * pairs - 1) / (6 * total);
  const double expected = (1 + 1 / total) / 6;
  const double variance = (total + 1) * (4 * pairs * total - 3 * (m * m + n * n) - 2 * pairs) /
                          (45 * total * total * 4 * pairs);
  // One value against one leaves a single arrangement: no variance, and nothing to be told.
  if (!(variance > 0)) return result;
  const double scaled = 1.0 / 6 + (result.statistic - expected) / std::sqrt(45 * variance);
  // Below 0.003 the limit distribution is 0 to 12 digits, and its series breaks down.
  result.p_value = scaled < 0.003 ? 1 : std::max(0.0, 1 - cramer_von_mises_limit_cdf(scaled));
  return result;
}

std::optional<ChiSquare> chi_square(const std::vector<double>& counts,
                                    const std::vector<double>& proportions) {
  assert(counts.size() == proportions.size());
  debug_assert(std::abs(std::accumulate(proportions.begin(), proportions.end(), 0.0) - 1) < 1e-6);
  double total = 0;
  for (const double count : counts) total += count;
  if (counts.size() < 2 || total <= 0) return std::nullopt;
  ChiSquare result;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const double expected = proportions[i] * total;
    if (!(expected > 0)) return std::nullopt;
    result.statistic += (counts[i] - expected) * (counts[i] - expected) / expected;
  }
  result.df = static_cast<double>(counts.size() - 1);
  result.p_value = chi_square_tail(result.statistic, result.df);
  return result;
}

}  // namespace rehearse::stats
