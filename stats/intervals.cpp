#include "stats/intervals.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "stats/distributions.hpp"
#include "stats/moments.hpp"
#include "stats/quantiles.hpp"

namespace rehearse::stats {

std::optional<Interval> t_interval(Sample values, double confidence) {
  assert(confidence > 0 && confidence < 1);
  if (values.size() < 2) return std::nullopt;
  const Moments m = moments(values);
  const double n = static_cast<double>(values.size());
  const double reach =
      student_quantile(0.5 + confidence / 2, n - 1) * m.sample_deviation() / std::sqrt(n);
  return Interval{m.mean() - reach, m.mean() + reach};
}

std::optional<Interval> bootstrap_interval(Sample values,
                                           const std::function<double(Sample)>& statistic,
                                           double confidence, int resamples, Stream& stream) {
  assert(confidence > 0 && confidence < 1);
  if (values.empty() || resamples < 1) return std::nullopt;
  std::vector<double> estimates;
  estimates.reserve(static_cast<std::size_t>(resamples));
  std::vector<double> drawn(values.size());
  for (int i = 0; i < resamples; ++i) {
    for (double& value : drawn) value = values[stream.below(values.size())];
    estimates.push_back(statistic(drawn));
  }
  std::sort(estimates.begin(), estimates.end());
  return Interval{quantile_sorted(estimates, (1 - confidence) / 2),
                  quantile_sorted(estimates, (1 + confidence) / 2)};
}

Interval wilson_interval(std::uint64_t successes, std::uint64_t trials, double confidence) {
  assert(trials > 0 && successes <= trials);
  assert(confidence > 0 && confidence < 1);
  const double n = static_cast<double>(trials);
  const double p = static_cast<double>(successes) / n;
  const double z = normal_quantile(0.5 + confidence / 2);
  const double scale = 1 + z * z / n;
  const double centre = (p + z * z / (2 * n)) / scale;
  const double reach = z / scale * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  // At the borders the score interval ends there exactly; rounding would leave 1e-18.
  return {successes == 0 ? 0 : std::max(0.0, centre - reach),
          successes == trials ? 1 : std::min(1.0, centre + reach)};
}

Interval exact_proportion_interval(std::uint64_t successes, std::uint64_t trials,
                                   double confidence) {
  assert(trials > 0 && successes <= trials);
  assert(confidence > 0 && confidence < 1);
  const double tail = (1 - confidence) / 2;
  const double k = static_cast<double>(successes), rest = static_cast<double>(trials - successes);
  return {successes == 0 ? 0 : beta_quantile(tail, k, rest + 1),
          successes == trials ? 1 : beta_quantile(1 - tail, k + 1, rest)};
}

}  // namespace rehearse::stats
