#include "stats/histogram.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace rehearse::stats {
namespace {

struct Ends {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  void include(Sample values) {
    for (const double value : values) {
      if (!std::isfinite(value)) continue;
      low = std::min(low, value);
      high = std::max(high, value);
    }
  }
};

void count(Sample values, const std::vector<double>& edges, std::vector<std::size_t>& bins,
           std::size_t& below, std::size_t& above) {
  bins.assign(edges.empty() ? 0 : edges.size() - 1, 0);
  for (const double value : values) {
    if (std::isnan(value)) continue;
    if (std::isinf(value)) {
      ++(value > 0 ? above : below);
      continue;
    }
    const auto next = std::upper_bound(edges.begin(), edges.end(), value);
    const auto bin = static_cast<std::size_t>(next - edges.begin()) - 1;
    ++bins[std::min(bin, bins.size() - 1)];
  }
}

}  // namespace

SharedHistogram shared_histogram(Sample first, Sample second, std::size_t bins) {
  SharedHistogram result;
  Ends ends;
  ends.include(first);
  ends.include(second);
  if (ends.low <= ends.high) {
    const std::size_t parts = ends.low == ends.high ? 1 : bins;
    for (std::size_t i = 0; i <= parts; ++i) {
      // Weighting the ends keeps what lies between two huge numbers finite.
      const double share = static_cast<double>(i) / static_cast<double>(parts);
      result.edges.push_back(ends.low * (1 - share) + ends.high * share);
    }
    result.edges.front() = ends.low;
    result.edges.back() = ends.high;
    // Rounding may put two edges in the wrong order where the ends are next to each other.
    std::sort(result.edges.begin(), result.edges.end());
  }
  count(first, result.edges, result.first, result.first_below, result.first_above);
  count(second, result.edges, result.second, result.second_below, result.second_above);
  return result;
}

}  // namespace rehearse::stats
