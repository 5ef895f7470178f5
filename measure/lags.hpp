// Lengths of time from a cause to its effect, and their quantiles.
//
// A lag belongs to the window in which it starts. One that has not ended when the run ends is
// *censored*: it counts with its length so far. A quantile is the smallest observed length that at
// least the given share of all lengths do not exceed.
#pragma once

#include <cassert>
#include <cstdint>

#include "base/time.hpp"
#include "measure/exact_sample.hpp"
#include "measure/window.hpp"

namespace rehearse::measure {

class Lags {
 public:
  explicit Lags(const Window& window) : window_(window) {}

  /// REQUIRES: begin <= end.
  void add(Time begin, Time end) {
    assert(begin <= end);
    if (window_.contains(begin)) lengths_.add(end - begin);
  }
  /// A lag that the end of the run cut off.
  void add_censored(Time begin) {
    if (!window_.contains(begin)) return;
    add(begin, window_.end);
    ++censored_;
  }

  struct Summary {
    std::uint64_t count = 0;
    std::uint64_t censored = 0;
    double mean = 0;  ///< seconds, as all that follow; 0 when there are none
    double p50 = 0;
    double p99 = 0;
    double max = 0;
  };
  Summary summary() const;

 private:
  Window window_;
  ExactSample lengths_;
  std::uint64_t censored_ = 0;
};

}  // namespace rehearse::measure
