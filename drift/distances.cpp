#include "drift/distances.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "base/debug_assert.hpp"

namespace rehearse::drift {
namespace {

constexpr double kShareFloor = 1e-4;
constexpr std::size_t kFewValues = 20;  ///< up to so many distinct values, each is a bin

/// Shares of one side.
class Shares {
 public:
  explicit Shares(std::span<const double> counts) : counts_(counts) {
    for (const double count : counts) total_ += count;
  }

  std::size_t size() const { return counts_.size(); }
  double operator[](std::size_t i) const { return counts_[i] / total_; }

 private:
  std::span<const double> counts_;
  double total_ = 0;
};

/// Shares without zeros, so that logarithms exist.
class PositiveShares {
 public:
  PositiveShares(std::span<const double> counts, Binning binning)
      : shares_(counts), floored_(binning != Binning::sturges) {
    if (floored_) return;
    double least = 1;
    for (std::size_t i = 0; i < shares_.size(); ++i) {
      if (shares_[i] > 0) least = std::min(least, shares_[i]);
    }
    instead_ = least <= kShareFloor ? least * 1e-6 : kShareFloor;
  }

  std::size_t size() const { return shares_.size(); }
  double operator[](std::size_t i) const {
    const double share = shares_[i];
    if (floored_) return std::max(share, kShareFloor);
    return share > 0 ? share : instead_;
  }

 private:
  Shares shares_;
  bool floored_;
  double instead_ = 0;  ///< of an empty bin
};

template <typename Side, typename Term>
double sum_over(const Side& r, const Side& c, Term term) {
  assert(r.size() == c.size());
  double sum = 0;
  for (std::size_t i = 0; i < r.size(); ++i) sum += term(r[i], c[i]);
  return sum;
}

template <typename Term>
double sum_over_positive(const BinCounts& bins, Term term) {
  return sum_over(PositiveShares(bins.reference, bins.binning),
                  PositiveShares(bins.current, bins.binning), term);
}

std::vector<double> distinct(stats::Sample sorted_values) {
  std::vector<double> values(sorted_values.begin(), sorted_values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

/// Counts per bin [edge i, edge i+1), the last one closed.
std::vector<double> count_left_closed(stats::Sample values, const std::vector<double>& edges) {
  assert(!edges.empty());
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

/// How often a value stands in a sorted sample.
double count_of(double value, stats::Sample sorted) {
  const auto [first, last] = std::equal_range(sorted.begin(), sorted.end(), value);
  return static_cast<double>(last - first);
}

/// Bins of equal width, by Sturges' rule for so many values. REQUIRES: a value.
void cut_equally(stats::Sample reference, stats::Sample current, double total, Bins& bins) {
  assert(!reference.empty());
  double low = reference.front(), high = reference.back();
  if (!current.empty()) {
    low = std::min(low, current.front());
    high = std::max(high, current.back());
  }
  const int count = static_cast<int>(std::ceil(std::log2(total) + 1));
  const double span = high - low;  // which may be more than a double holds
  const double width = std::isfinite(span) ? span / count : high / count - low / count;
  for (int i = 0; i < count; ++i) bins.edges.push_back(low + i * width);
  bins.edges.push_back(high);
  bins.reference = count_left_closed(reference, bins.edges);
  bins.current = count_left_closed(current, bins.edges);
}

std::vector<double> count_values(stats::Sample values, const std::vector<double>& of) {
  std::vector<double> counts;
  for (const double value : of) {
    const auto [first, last] = std::equal_range(values.begin(), values.end(), value);
    counts.push_back(static_cast<double>(last - first));
  }
  return counts;
}

/// The bin that ends at a cut point, or at none; where two neighbouring doubles are cut points, the
/// values below the pair, and the point between.
BinRange range_of(const CutPoints& cuts, std::size_t bin) {
  constexpr double kEnd = std::numeric_limits<double>::infinity();
  const auto pair = [&](std::size_t i) {
    return i + 1 < cuts.size() && std::nextafter(cuts[i], kEnd) == cuts[i + 1];
  };
  const bool point_below = bin > 0 && bin < cuts.size() && pair(bin - 1);
  if (point_below) return {cuts[bin], cuts[bin], BinRange::Ends::point};
  const double low = bin == 0 ? -kEnd : cuts[bin - 1];
  if (bin == cuts.size()) return {low, kEnd, BinRange::Ends::right_closed};
  if (bin == 0 && cuts[0] == -kEnd) return {-kEnd, -kEnd, BinRange::Ends::point};
  if (pair(bin)) return {low, cuts[bin + 1], BinRange::Ends::open};
  return {low, cuts[bin], BinRange::Ends::right_closed};
}

double entropy_term(double p, double middle) { return p > 0 ? p * std::log(p / middle) : 0; }

}  // namespace

Bins bin_by_quantiles(stats::Sample reference, stats::Sample current) {
  assert(!reference.empty() && !current.empty());
  Bins bins;
  bins.edges = cut_points(reference, Binning::quantile);
  bins.reference = count_sorted(reference, bins.edges);
  bins.current = count_sorted(current, bins.edges);
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
  const stats::Sample before = stats::finite_sorted(reference), now = stats::finite_sorted(current);
  cut_equally(before, now, static_cast<double>(reference.size() + current.size()), bins);
  // What lies beyond all numbers has a bin of its own at either end.
  constexpr double kEnd = std::numeric_limits<double>::infinity();
  const double below[] = {count_of(-kEnd, reference), count_of(-kEnd, current)};
  const double above[] = {count_of(kEnd, reference), count_of(kEnd, current)};
  if (below[0] + below[1] > 0) {
    bins.reference.insert(bins.reference.begin(), below[0]);
    bins.current.insert(bins.current.begin(), below[1]);
    bins.edges.insert(bins.edges.begin(), -kEnd);
  }
  if (above[0] + above[1] > 0) {
    bins.reference.push_back(above[0]);
    bins.current.push_back(above[1]);
    bins.edges.push_back(kEnd);
  }
  return bins;
}

Bins bin_automatically(stats::Sample reference, stats::Sample current) {
  assert(!reference.empty() && !current.empty());
  const CutPoints cuts = cut_points(reference, Binning::automatic);
  const std::vector<double> before = count_sorted(reference, cuts);
  const std::vector<double> now = count_sorted(current, cuts);
  Bins bins;
  bins.binning = Binning::automatic;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (before[i] + now[i] == 0) continue;  // which says nothing
    bins.ranges.push_back(range_of(cuts, i));
    bins.reference.push_back(before[i]);
    bins.current.push_back(now[i]);
  }
  return bins;
}

FlooredShares floored_shares(const BinCounts& bins) {
  const Shares r(bins.reference), c(bins.current);
  FlooredShares floored;
  for (std::size_t i = 0; i < r.size(); ++i) {
    if (r[i] >= kShareFloor && c[i] >= kShareFloor) continue;
    floored.reference += r[i];
    floored.current += c[i];
  }
  return floored;
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
    bins.labels.push_back(category);
  }
  return bins;
}

double psi(const BinCounts& bins) {
  return sum_over_positive(bins, [](double r, double c) { return (c - r) * std::log(c / r); });
}

double kl(const BinCounts& bins) {
  return sum_over_positive(bins, [](double r, double c) { return c * std::log(c / r); });
}

double jensen_shannon(const BinCounts& bins) {
  const double nats =
      sum_over(Shares(bins.reference), Shares(bins.current), [](double r, double c) {
        const double middle = (r + c) / 2;
        return entropy_term(r, middle) + entropy_term(c, middle);
      });
  return std::sqrt(std::max(0.0, nats) / (2 * std::log(2.0)));
}

double hellinger(const BinCounts& bins) {
  const double sum = sum_over(Shares(bins.reference), Shares(bins.current), [](double r, double c) {
    const double difference = std::sqrt(r) - std::sqrt(c);
    return difference * difference;
  });
  return std::sqrt(sum / 2);
}

double total_variation(const BinCounts& bins) {
  return sum_over(Shares(bins.reference), Shares(bins.current),
                  [](double r, double c) { return std::abs(r - c); }) /
         2;
}

double wasserstein_sorted(stats::Sample reference, stats::Sample current) {
  debug_assert(std::is_sorted(reference.begin(), reference.end()) &&
               std::is_sorted(current.begin(), current.end()));
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
