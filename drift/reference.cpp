#include "drift/reference.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "base/error.hpp"

namespace rehearse::drift {

Reference::Reference(std::vector<double> values, Binning binning)
    : sorted_(std::move(values)), binning_(binning) {
  assert(!sorted_.empty());
  if (binning == Binning::sturges) {
    throw InputError(
        "a kept reference has no bins by Sturges' rule, which depend on the current data; "
        "automatic or quantile is due");
  }
  const std::size_t missing =
      std::erase_if(sorted_, [](double value) { return std::isnan(value); });
  std::sort(sorted_.begin(), sorted_.end());
  if (!sorted_.empty()) cuts_ = cut_points(sorted_, binning);
  counts_ = count_sorted(sorted_, cuts_);
  counts_.push_back(static_cast<double>(missing));
}

void Reference::count(stats::Sample current, std::vector<double>& counts) const {
  counts.assign(bins(), 0);
  for (const double value : current) {
    const std::size_t bin = std::isnan(value) ? bins() - 1 : bin_of(value, cuts_);
    counts[bin] += 1;
  }
}

BinCounts Reference::against(std::span<const double> counts) const {
  assert(counts.size() == bins());
  return {counts_, counts, binning_};
}

}  // namespace rehearse::drift
