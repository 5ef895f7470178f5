#include "stats/steady_state.hpp"

#include <array>
#include <cmath>
#include <vector>

#include "stats/distributions.hpp"
#include "stats/moments.hpp"

namespace rehearse::stats {
namespace {

constexpr std::size_t kBatch = 5;
constexpr std::size_t kFewest = 20;
constexpr std::array<std::size_t, 3> kBatchCounts{40, 20, 10};
constexpr double kSignificance = 0.05;

std::vector<double> means_of(Sample values, std::size_t size) {
  std::vector<double> means;
  for (std::size_t at = values.size() % size; at < values.size(); at += size) {
    means.push_back(mean(values.subspan(at, size)));
  }
  return means;
}

// Fishman's statistic, normal where neighbours are independent; large where they are alike.
double neighbour_statistic(Sample values) {
  const Moments m = moments(values);
  const double k = static_cast<double>(values.size());
  const double squares = m.sample_variance() * (k - 1);
  if (squares <= 0) return 0;
  const double first = values.front() - m.mean(), last = values.back() - m.mean();
  return std::sqrt((k * k - 1) / (k - 2)) *
         (lag1_correlation(values) + (first * first + last * last) / (2 * squares));
}

}  // namespace

double lag1_correlation(Sample values) {
  const double middle = mean(values);
  double products = 0, squares = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double here = values[i] - middle;
    squares += here * here;
    if (i + 1 < values.size()) products += here * (values[i + 1] - middle);
  }
  return squares > 0 ? products / squares : 0;
}

std::optional<Truncation> mser5(Sample series) {
  if (series.size() < kFewest) return std::nullopt;
  // Batches from the first observation on: it is the start that is looked at.
  const std::size_t whole = series.size() / kBatch * kBatch;
  const std::vector<double> means = means_of(series.first(whole), kBatch);
  std::size_t best = 0;
  double least = 0;
  for (std::size_t d = 0; d + 1 < means.size(); ++d) {
    const Moments rest = moments(Sample(means).subspan(d));
    const double error = rest.population_variance() / static_cast<double>(rest.count());
    if (d == 0 || error < least) {
      least = error;
      best = d;
    }
    // Near the end a few values agree by chance; they say nothing about the start.
    if (means.size() - d <= kFewest / kBatch) break;
  }
  return Truncation{best * kBatch, best <= means.size() / 2};
}

std::optional<BatchMeans> batch_means(Sample series, double confidence) {
  if (series.size() < kFewest) return std::nullopt;
  BatchMeans result;
  for (const std::size_t batches : kBatchCounts) {
    if (series.size() < batches) continue;
    const std::size_t size = series.size() / batches;
    const Sample used = series.last(batches * size);
    const std::vector<double> means = means_of(used, size);
    result.batches = means.size();
    result.mean = mean(means);
    result.interval = *t_interval(means, confidence);
    result.lag1 = lag1_correlation(means);
    result.independent = neighbour_statistic(means) <= normal_quantile(1 - kSignificance);
    if (result.independent) break;
  }
  return result;
}

}  // namespace rehearse::stats
