#include "reports/lags.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>

namespace rehearse::reports {
namespace {

// The length of rank ceil(percent/100 * n), counted from 1; it comes to stand at its place, with
// none greater before it. REQUIRES: percentages asked for do not fall.
double at_rank(std::vector<std::int64_t>& lengths, std::size_t percent, std::size_t& placed) {
  const std::size_t rank = (lengths.size() * percent + 99) / 100;
  assert(rank >= 1 && rank <= lengths.size());
  const auto place = lengths.begin() + static_cast<std::ptrdiff_t>(rank - 1);
  if (rank > placed) {
    std::nth_element(lengths.begin() + static_cast<std::ptrdiff_t>(placed), place, lengths.end());
    placed = rank;
  }
  return Duration{*place}.to_seconds();
}

}  // namespace

Lags::Summary Lags::summary() const {
  Summary summary;
  summary.count = lengths_.size();
  summary.censored = censored_;
  if (lengths_.empty()) return summary;
  std::vector<std::int64_t> lengths = lengths_;
  Int128 total = 0;
  for (const std::int64_t length : lengths) total += length;
  summary.mean = static_cast<double>(static_cast<long double>(total) /
                                     static_cast<long double>(lengths.size()) / 1e9L);
  summary.max = Duration{*std::max_element(lengths.begin(), lengths.end())}.to_seconds();
  std::size_t placed = 0;
  summary.p50 = at_rank(lengths, 50, placed);
  summary.p99 = at_rank(lengths, 99, placed);
  return summary;
}

}  // namespace rehearse::reports
