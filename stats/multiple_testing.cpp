#include "stats/multiple_testing.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace rehearse::stats {
namespace {

// Of the smallest first.
std::vector<std::size_t> ascending(const std::vector<double>& p_values) {
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return p_values[a] < p_values[b]; });
  return order;
}

}  // namespace

Discoveries benjamini_hochberg(const std::vector<double>& p_values, double q) {
  const std::size_t m = p_values.size();
  const std::vector<std::size_t> order = ascending(p_values);
  Discoveries result{std::vector<bool>(m, false), std::vector<double>(m, 1)};
  double least = 1;
  for (std::size_t rank = m; rank > 0; --rank) {
    const std::size_t i = order[rank - 1];
    least = std::min(least, p_values[i] * static_cast<double>(m) / static_cast<double>(rank));
    result.adjusted[i] = least;
    result.rejected[i] = least <= q;
  }
  return result;
}

Discoveries holm(const std::vector<double>& p_values, double alpha) {
  const std::size_t m = p_values.size();
  const std::vector<std::size_t> order = ascending(p_values);
  Discoveries result{std::vector<bool>(m, false), std::vector<double>(m, 1)};
  double most = 0;
  for (std::size_t rank = 0; rank < m; ++rank) {
    const std::size_t i = order[rank];
    most = std::max(most, std::min(1.0, p_values[i] * static_cast<double>(m - rank)));
    result.adjusted[i] = most;
    result.rejected[i] = most <= alpha;
  }
  return result;
}

}  // namespace rehearse::stats
