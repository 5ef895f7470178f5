// How much one source's API is used: calls, the busiest minute, its servers' busy share, queueing.
//
// Rates and utilization cover the measured window. A call in service at an edge of the window
// counts with the part inside. Peaks are over whole minutes counted from time 0 that lie inside the
// window, 0 where none does. A wait belongs to the window in which it starts.
#pragma once

#include <cstdint>
#include <vector>

#include "base/time.hpp"
#include "measure/window.hpp"

namespace rehearse::measure {

class SourceUsage {
 public:
  explicit SourceUsage(const Window& window) : window_(window) {}

  void request(Time now);
  void throttle() { ++throttled_; }
  /// A server starts on a call that joined the queue `waited` ago, and is busy for `service`.
  void service_start(Duration waited, Duration service, Time now);

  std::uint64_t requests() const { return requests_; }
  std::uint64_t throttled() const { return throttled_; }
  double rate_mean() const;     ///< calls per second
  double rate_peak_1m() const;  ///< calls per second over the busiest minute
  /// REQUIRES: servers > 0.
  double utilization(std::int64_t servers) const;
  double wait_mean() const;  ///< seconds; 0 where nothing was served

 private:
  Window window_;
  std::uint64_t requests_ = 0;
  std::uint64_t requests_in_window_ = 0;
  std::uint64_t throttled_ = 0;
  std::vector<std::uint32_t> minutes_;  // calls per whole minute from 0
  Int128 busy_ = 0;
  Int128 waited_ = 0;
  std::uint64_t served_ = 0;
};

}  // namespace rehearse::measure
