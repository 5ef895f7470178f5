#include "stats/quantiles.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "base/debug_assert.hpp"

namespace rehearse::stats {
namespace {

double between(Sample values, std::size_t index, double fraction) {
  const double low = values[index];
  if (fraction == 0 || index + 1 >= values.size()) return low;
  const double high = values[index + 1];
  // Nothing lies between a value and infinity: the nearer one of the two.
  if (std::isinf(low) || std::isinf(high)) return fraction < 0.5 ? low : high;
  // Interpolating from the nearer end keeps the result within [low, high] and symmetric.
  return fraction < 0.5 ? low + fraction * (high - low) : high - (1 - fraction) * (high - low);
}

}  // namespace

double quantile_sorted(Sample sorted_values, double p) {
  debug_assert(std::is_sorted(sorted_values.begin(), sorted_values.end()));
  assert(!sorted_values.empty() && p >= 0 && p <= 1);
  const double position = static_cast<double>(sorted_values.size() - 1) * p;
  const double floor = std::floor(position);
  return between(sorted_values, static_cast<std::size_t>(floor), position - floor);
}

double quantile_sorted(Sample sorted_values, std::size_t i, std::size_t parts) {
  debug_assert(std::is_sorted(sorted_values.begin(), sorted_values.end()));
  assert(!sorted_values.empty() && parts > 0 && i <= parts);
  const std::size_t position = (sorted_values.size() - 1) * i;
  const double fraction = static_cast<double>(position % parts) / static_cast<double>(parts);
  return between(sorted_values, position / parts, fraction);
}

double quantile(Sample values, double p) { return quantile_sorted(sorted(values), p); }

double ecdf_sorted(Sample sorted_values, double x) {
  debug_assert(std::is_sorted(sorted_values.begin(), sorted_values.end()));
  assert(!sorted_values.empty());
  const auto above = std::upper_bound(sorted_values.begin(), sorted_values.end(), x);
  return static_cast<double>(above - sorted_values.begin()) /
         static_cast<double>(sorted_values.size());
}

}  // namespace rehearse::stats
