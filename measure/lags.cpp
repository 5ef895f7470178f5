#include "measure/lags.hpp"

namespace rehearse::measure {

Lags::Summary Lags::summary() const {
  Summary summary;
  summary.count = lengths_.count();
  summary.censored = censored_;
  if (summary.count == 0) return summary;
  summary.mean = static_cast<double>(static_cast<long double>(lengths_.sum()) /
                                     static_cast<long double>(summary.count) / 1e9L);
  summary.max = lengths_.max().to_seconds();
  ExactSample::Walk walk = lengths_.walk();
  std::uint64_t passed = walk.count();
  // The length of rank ceil(percent/100 * n), counted from 1. Percentages do not fall.
  const auto at_percent = [&](std::uint64_t percent) {
    const std::uint64_t rank = (summary.count * percent + 99) / 100;
    while (passed < rank) {
      walk.next();
      passed += walk.count();
    }
    return walk.value().to_seconds();
  };
  summary.p50 = at_percent(50);
  summary.p99 = at_percent(99);
  return summary;
}

}  // namespace rehearse::measure
