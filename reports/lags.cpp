#include "reports/lags.hpp"

#include <algorithm>
#include <cstddef>

namespace rehearse::reports {
namespace {

// The element of rank ceil(percent/100 * n), counted from 1, of sorted lengths.
double at_rank(const std::vector<std::int64_t>& sorted, std::size_t percent) {
  const std::size_t rank = (sorted.size() * percent + 99) / 100;
  return Duration{sorted[rank - 1]}.to_seconds();
}

}  // namespace

Lags::Summary Lags::summary() const {
  Summary summary;
  summary.count = lengths_.size();
  summary.censored = censored_;
  if (lengths_.empty()) return summary;
  std::vector<std::int64_t> sorted = lengths_;
  std::sort(sorted.begin(), sorted.end());
  Int128 total = 0;
  for (const std::int64_t length : sorted) total += length;
  summary.mean = static_cast<double>(static_cast<long double>(total) /
                                     static_cast<long double>(sorted.size()) / 1e9L);
  summary.p50 = at_rank(sorted, 50);
  summary.p99 = at_rank(sorted, 99);
  summary.max = Duration{sorted.back()}.to_seconds();
  return summary;
}

}  // namespace rehearse::reports
