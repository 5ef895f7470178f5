#include "measure/age_distribution.hpp"

#include <algorithm>
#include <cassert>

namespace rehearse::measure {

void AgeDistribution::add(Duration low, Duration high) {
  assert(0 <= low.ns && low <= high);
  if (low == high) return;
  lows_.add(low);
  highs_.add(high);
}

std::vector<double> AgeDistribution::quantiles(const std::vector<int>& percents,
                                               Int128 existing) const {
  // Time spent at ages of at most `age`; at first the fresh time alone.
  Int128 covered = existing - (highs_.sum() - lows_.sum());
  std::vector<double> result;
  ExactSample::Walk low = lows_.walk();
  ExactSample::Walk high = highs_.walk();
  Int128 open = 0;  // segments that begin at or below `age` and end above it
  Duration age;
  for (const int percent : percents) {
    const Int128 wanted = existing * percent;  // all times 100, so that nothing is rounded
    double quantile = age.to_seconds();
    while (covered * 100 < wanted && !high.at_end()) {
      const Duration next = low.at_end() ? high.value() : std::min(low.value(), high.value());
      const Int128 gain = open * (next - age).ns;
      if ((covered + gain) * 100 >= wanted && open > 0) {
        quantile = static_cast<double>(
            (static_cast<long double>(age.ns) + static_cast<long double>(wanted - covered * 100) /
                                                    static_cast<long double>(open * 100)) /
            1e9L);
        break;
      }
      covered += gain;
      age = next;
      for (; !high.at_end() && high.value() == age; high.next()) open -= high.count();
      for (; !low.at_end() && low.value() == age; low.next()) open += low.count();
      quantile = age.to_seconds();
    }
    result.push_back(existing > 0 ? quantile : 0);
  }
  return result;
}

}  // namespace rehearse::measure
