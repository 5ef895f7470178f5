#include "measure/source_usage.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>

namespace rehearse::measure {
namespace {

constexpr Duration kMinute = Duration::minutes(1);

}  // namespace

void SourceUsage::request(Time now) {
  ++requests_;
  if (!window_.contains(now)) return;
  ++requests_in_window_;
  const auto minute = static_cast<std::size_t>(now.ns / kMinute.ns);
  if (minute >= minutes_.size()) minutes_.resize(minute + 1);
  ++minutes_[minute];
}

void SourceUsage::service_start(Duration waited, Duration service, Time now) {
  assert(waited >= Duration{} && service >= Duration{});
  busy_ += (window_.clip(now + service) - window_.clip(now)).ns;
  if (!window_.contains(now - waited)) return;
  waited_ += waited.ns;
  ++served_;
}

double SourceUsage::rate_mean() const {
  if (window_.length().ns <= 0) return 0;
  return static_cast<double>(requests_in_window_) / window_.length().to_seconds();
}

double SourceUsage::rate_peak_1m() const {
  std::uint32_t most = 0;
  for (std::size_t i = 0; i < minutes_.size(); ++i) {
    const Time begin{static_cast<std::int64_t>(i) * kMinute.ns};
    if (begin < window_.begin || begin + kMinute > window_.until) continue;
    most = std::max(most, minutes_[i]);
  }
  return most / kMinute.to_seconds();
}

double SourceUsage::utilization(std::int64_t servers) const {
  assert(servers > 0);
  if (window_.length().ns <= 0) return 0;
  return static_cast<double>(
      static_cast<long double>(busy_) /
      (static_cast<long double>(window_.length().ns) * static_cast<long double>(servers)));
}

double SourceUsage::wait_mean() const {
  if (served_ == 0) return 0;
  return static_cast<double>(static_cast<long double>(waited_) / static_cast<long double>(served_) /
                             1e9L);
}

}  // namespace rehearse::measure
