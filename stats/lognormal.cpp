#include "stats/lognormal.hpp"

#include <cassert>
#include <cmath>

namespace rehearse::stats {
namespace {

constexpr double kNormal99 = 2.3263478740408408;  // 0.99 quantile of the standard normal

}  // namespace

Distribution::Lognormal lognormal(Duration median, Duration p99) {
  assert(median > Duration{} && median <= p99);
  const double middle = median.to_seconds();
  return {std::log(middle), std::log(p99.to_seconds() / middle) / kNormal99};
}

}  // namespace rehearse::stats
