#include "stats/paired.hpp"

#include <cassert>
#include <cmath>
#include <vector>

#include "stats/distributions.hpp"
#include "stats/moments.hpp"

namespace rehearse::stats {

double correlation(Sample a, Sample b) {
  assert(a.size() == b.size() && a.size() >= 2);
  const double mean_a = mean(a);
  const double mean_b = mean(b);
  double product = 0;
  for (std::size_t i = 0; i < a.size(); ++i) product += (a[i] - mean_a) * (b[i] - mean_b);
  const double scale =
      std::sqrt(moments(a).sample_variance()) * std::sqrt(moments(b).sample_variance());
  return scale > 0 ? product / (static_cast<double>(a.size() - 1) * scale) : 0;
}

PairedDifference paired_difference(Sample a, Sample b, double confidence) {
  assert(a.size() == b.size() && a.size() >= 2 && confidence > 0 && confidence < 1);
  std::vector<double> differences;
  for (std::size_t i = 0; i < a.size(); ++i) differences.push_back(b[i] - a[i]);
  const Moments of_differences = moments(differences);
  PairedDifference result;
  result.mean_a = mean(a);
  result.mean_b = mean(b);
  result.mean = of_differences.mean();
  result.correlation = correlation(a, b);
  const double n = static_cast<double>(a.size());
  const double error = of_differences.sample_deviation() / std::sqrt(n);
  const double half = student_quantile(0.5 + confidence / 2, n - 1) * error;
  result.interval = {result.mean - half, result.mean + half};
  if (error > 0) {
    result.p_value = student_two_sided(result.mean / error, n - 1);
  } else {
    result.p_value = result.mean == 0 ? 1 : 0;
  }
  return result;
}

}  // namespace rehearse::stats
