#include "stats/ranks.hpp"

#include <cmath>
#include <limits>
#include <numeric>

#include "base/debug_assert.hpp"

namespace rehearse::stats {
namespace {

double cube_less_one(double t) { return t * t * t - t; }

}  // namespace

std::vector<double> mid_ranks(Sample values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> ranks(values.size());
  for (std::size_t first = 0; first < order.size();) {
    std::size_t end = first + 1;
    while (end < order.size() && values[order[end]] == values[order[first]]) ++end;
    const double rank = static_cast<double>(first + 1 + end) / 2;
    for (; first < end; ++first) ranks[order[first]] = rank;
  }
  return ranks;
}

double tie_sum_sorted(Sample sorted_values) {
  debug_assert(std::is_sorted(sorted_values.begin(), sorted_values.end()));
  double sum = 0;
  for (std::size_t first = 0; first < sorted_values.size();) {
    std::size_t end = first + 1;
    while (end < sorted_values.size() && sorted_values[end] == sorted_values[first]) ++end;
    sum += cube_less_one(static_cast<double>(end - first));
    first = end;
  }
  return sum;
}

PairCounts count_pairs(Sample sorted_x, Sample sorted_y, double shift) {
  debug_assert(std::is_sorted(sorted_x.begin(), sorted_x.end()) &&
               std::is_sorted(sorted_y.begin(), sorted_y.end()));
  PairCounts counts;
  constexpr double kEnd = std::numeric_limits<double>::infinity();
  std::size_t i = 0, j = 0;
  while (i < sorted_x.size() || j < sorted_y.size()) {
    const double x = i < sorted_x.size() ? sorted_x[i] - shift : kEnd;
    const double y = j < sorted_y.size() ? sorted_y[j] : kEnd;
    const double value = std::min(x, y);
    const std::size_t below = j;
    const std::size_t first_x = i;
    while (i < sorted_x.size() && sorted_x[i] - shift == value) ++i;
    while (j < sorted_y.size() && sorted_y[j] == value) ++j;
    const double of_x = static_cast<double>(i - first_x);
    const double of_y = static_cast<double>(j - below);
    counts.wins += of_x * (static_cast<double>(below) + of_y / 2);
    counts.ties += cube_less_one(of_x + of_y);
  }
  return counts;
}

}  // namespace rehearse::stats
