#include "reports/age_distribution.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>

namespace rehearse::reports {

void AgeDistribution::add(Duration low, Duration high) {
  assert(0 <= low.ns && low <= high);
  if (low == high) return;
  lows_.push_back(low.ns);
  highs_.push_back(high.ns);
  max_ = std::max(max_, high.ns);
}

std::vector<double> AgeDistribution::quantiles(const std::vector<int>& percents,
                                               Int128 existing) const {
  std::vector<std::int64_t> lows = lows_;
  std::vector<std::int64_t> highs = highs_;
  std::sort(lows.begin(), lows.end());
  std::sort(highs.begin(), highs.end());
  Int128 covered = existing;  // time spent at ages of at most `age`; at first the fresh time alone
  for (std::size_t i = 0; i < lows.size(); ++i) covered -= highs[i] - lows[i];

  std::vector<double> result;
  std::size_t low = 0;
  std::size_t high = 0;
  std::int64_t age = 0;
  for (const int percent : percents) {
    const Int128 wanted = existing * percent;  // all times 100, so that nothing is rounded
    double quantile = Duration{age}.to_seconds();
    while (covered * 100 < wanted && high < highs.size()) {
      // Ends below starts of equal age: the number of segments over an age counts those that
      // begin at or below it and end above it.
      const Int128 open = static_cast<Int128>(low) - static_cast<Int128>(high);
      const std::int64_t next = low < lows.size() ? std::min(lows[low], highs[high]) : highs[high];
      const Int128 gain = open * (next - age);
      if ((covered + gain) * 100 >= wanted && open > 0) {
        quantile = static_cast<double>(
            (static_cast<long double>(age) + static_cast<long double>(wanted - covered * 100) /
                                                 static_cast<long double>(open * 100)) /
            1e9L);
        break;
      }
      covered += gain;
      age = next;
      while (high < highs.size() && highs[high] == age) ++high;
      while (low < lows.size() && lows[low] == age) ++low;
      quantile = Duration{age}.to_seconds();
    }
    result.push_back(existing > 0 ? quantile : 0);
  }
  return result;
}

}  // namespace rehearse::reports
