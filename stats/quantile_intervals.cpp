#include "stats/quantile_intervals.hpp"

#include <cassert>

#include "base/debug_assert.hpp"
#include "stats/distributions.hpp"

namespace rehearse::stats {

std::optional<OrderPair> quantile_order_pair(std::size_t n, double p, double confidence) {
  assert(p > 0 && p < 1 && confidence > 0 && confidence < 1);
  const double tail = (1 - confidence) / 2;
  // Rank l (from 1) is above the quantile when fewer than l values are at or below it.
  std::size_t low = 0, above = n + 1;  // the greatest l with P(B <= l-1) <= tail; 0: none
  while (above - low > 1) {
    const std::size_t middle = low + (above - low) / 2;
    (binomial_at_most(middle - 1, n, p) <= tail ? low : above) = middle;
  }
  // Rank u is below it when at least u values are.
  std::size_t high = n + 1, below = 0;  // the smallest u with P(B >= u) <= tail; n+1: none
  while (high - below > 1) {
    const std::size_t middle = below + (high - below) / 2;
    (binomial_at_least(middle, n, p) <= tail ? high : below) = middle;
  }
  if (low == 0 || high == n + 1) return std::nullopt;
  return OrderPair{low - 1, high - 1};
}

std::optional<Interval> quantile_interval_sorted(Sample sorted_values, double p,
                                                 double confidence) {
  debug_assert(std::is_sorted(sorted_values.begin(), sorted_values.end()));
  const auto pair = quantile_order_pair(sorted_values.size(), p, confidence);
  if (!pair) return std::nullopt;
  return Interval{sorted_values[pair->low], sorted_values[pair->high]};
}

}  // namespace rehearse::stats
