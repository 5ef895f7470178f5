#include "drift/distances.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <functional>

#include "stats/quantiles.hpp"

namespace rehearse::drift {
namespace {

constexpr double kShareFloor = 1e-4;
constexpr std::size_t kFewValues = 20;  ///< up to so many distinct values, each is a bin

using Shares = std::vector<double>;

Shares shares(const std::vector<double>& counts) {
  double total = 0;
  for (const double count : counts) total += count;
  Shares result;
  for (const double count : counts) result.push_back(count / total);
  return result;
}

/// Shares without zeros, so that logarithms exist.
Shares positive_shares(const std::vector<double>& counts, Binning binning) {
  Shares result = shares(counts);
  if (binning == Binning::quantile) {
    for (double& share : result) share = std::max(share, kShareFloor);
    return result;
  }
  double least = 1;
  for (const double share : result) {
    if (share > 0) least = std::min(least, share);
  }
  const double instead = least <= kShareFloor ? least * 1e-6 : kShareFloor;
  for (double& share : result) share = share > 0 ? share : instead;
  return result;
}

double sum_over(const Shares& r, const Shares& c,
                const std::function<double(double, double)>& term) {
  double sum = 0;
  for (std::size_t i = 0; i < r.size(); ++i) sum += term(r[i], c[i]);
  return sum;
}

std::vector<double> distinct(stats::Sample sorted_values) {
  std::vector<double> values(sorted_values.begin(), sorted_values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

/// Counts per bin (edge i-1, edge i] with open outer ends.
std::vector<double> count_right_closed(stats::Sample values, const std::vector<double>& edges) {
  std::vector<double> counts;
  auto from = values.begin();
  for (const double edge : edges) {
    const auto to = std::upper_bound(from, values.end(), edge);
    counts.push_back(static_cast<double>(to - from));
    from = to;
  }
  counts.push_back(static_cast<double>(values.end() - from));
  return counts;
}

/// Counts per bin [edge i, edge i+1), the last one closed.
std::vector<double> count_left_closed(stats::Sample values, const std::vector<double>& edges) {
  std::vector<double> counts;
  auto from = std::lower_bound(values.begin(), values.end(), edges.front());
  for (std::size_t i = 1; i < edges.size(); ++i) {
    const auto to = i + 1 == edges.size() ? std::upper_bound(from, values.end(), edges[i])
                                          : std::lower_bound(from, values.end(), edges[i]);
    counts.push_back(static_cast<double>(to - from));
    from = to;
  }
  return counts;
}

std::vector<double> count_values(stats::Sample values, const std::vector<double>& of) {
  std::vector<double> counts;
  for (const double value : of) {
    const auto [first, last] = std::equal_range(values.begin(), values.end(), value);
    counts.push_back(static_cast<double>(last - first));
  }
  return counts;
}

double entropy_term(double p, double middle) { return p > 0 ? p * std::log(p / middle) : 0; }

}  // namespace

Bins bin_by_quantiles(stats::Sample reference, stats::Sample current, std::size_t parts) {
  assert(!reference.empty() && !current.empty() && parts > 1);
  Bins bins;
  for (std::size_t i = 1; i < parts; ++i) {
    const double edge = stats::quantile_sorted(reference, i, parts);
    if (bins.edges.empty() || edge != bins.edges.back()) bins.edges.push_back(edge);
  }
  bins.reference = count_right_closed(reference, bins.edges);
  bins.current = count_right_closed(current, bins.edges);
  return bins;
}

Bins bin_by_sturges(stats::Sample reference, stats::Sample current) {
  assert(!reference.empty() && !current.empty());
  Bins bins;
  bins.binning = Binning::sturges;
  std::vector<double> values = distinct(reference);
  if (values.size() <= kFewValues) {
    std::vector<double> all;
    const std::vector<double> more = distinct(current);
    std::set_union(values.begin(), values.end(), more.begin(), more.end(), std::back_inserter(all));
    bins.edges = all;
    bins.reference = count_values(reference, all);
    bins.current = count_values(current, all);
    return bins;
  }
  const double low = std::min(reference.front(), current.front());
  const double high = std::max(reference.back(), current.back());
  const double total = static_cast<double>(reference.size() + current.size());
  const int count = static_cast<int>(std::ceil(std::log2(total) + 1));
  const double width = (high - low) / count;
  for (int i = 0; i < count; ++i) bins.edges.push_back(low + i * width);
  bins.edges.push_back(high);
  bins.reference = count_left_closed(reference, bins.edges);
  bins.current = count_left_closed(current, bins.edges);
  return bins;
}

Bins bin_categories(const CategoryCounts& reference, const CategoryCounts& current) {
  assert(!reference.empty() && !current.empty());
  CategoryCounts all = reference;
  all.insert(current.begin(), current.end());
  const auto count = [](const CategoryCounts& counts, const std::string& category) {
    const auto found = counts.find(category);
    return found == counts.end() ? 0.0 : static_cast<double>(found->second);
  };
  Bins bins;
  for (const auto& [category, unused] : all) {
    bins.reference.push_back(count(reference, category));
    bins.current.push_back(count(current, category));
  }
  return bins;
}

double psi(const Bins& bins) {
  return sum_over(positive_shares(bins.reference, bins.binning),
                  positive_shares(bins.current, bins.binning),
                  [](double r, double c) { return (c - r) * std::log(c / r); });
}

double kl(const Bins& bins) {
  return sum_over(positive_shares(bins.reference, bins.binning),
                  positive_shares(bins.current, bins.binning),
                  [](double r, double c) { return c * std::log(c / r); });
}

double jensen_shannon(const Bins& bins) {
  const double nats =
      sum_over(shares(bins.reference), shares(bins.current), [](double r, double c) {
        const double middle = (r + c) / 2;
        return entropy_term(r, middle) + entropy_term(c, middle);
      });
  return std::sqrt(std::max(0.0, nats) / (2 * std::log(2.0)));
}

double hellinger(const Bins& bins) {
  const double sum = sum_over(shares(bins.reference), shares(bins.current), [](double r, double c) {
    const double difference = std::sqrt(r) - std::sqrt(c);
    return difference * difference;
  });
  return std::sqrt(sum / 2);
}

double total_variation(const Bins& bins) {
  return sum_over(shares(bins.reference), shares(bins.current),
                  [](double r, double c) { return std::abs(r - c); }) /
         2;
}

double wasserstein_sorted(stats::Sample reference, stats::Sample current) {
  assert(!reference.empty() && !current.empty());
  const double n = static_cast<double>(reference.size()), m = static_cast<double>(current.size());
  double area = 0;
  std::size_t i = 0, j = 0;
  double at = std::min(reference.front(), current.front());
  while (i < reference.size() || j < current.size()) {
    const bool of_reference =
        j == current.size() || (i < reference.size() && reference[i] <= current[j]);
    const double next = of_reference ? reference[i] : current[j];
    area += std::abs(static_cast<double>(i) / n - static_cast<double>(j) / m) * (next - at);
    at = next;
    ++(of_reference ? i : j);
  }
  return area;
}

}  // namespace rehearse::drift
