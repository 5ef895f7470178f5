// The counts and lags of a lifecycle, of one model or of all.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "measure/lags.hpp"
#include "measure/lifecycle_measures.hpp"
#include "measure/metrics.hpp"

namespace rehearse::measure {

class LifecycleTally {
 public:
  explicit LifecycleTally(const Window& window) : lags_(kLifecycleLags.size(), Lags(window)) {}

  void count(LifecycleCount what) { ++counts_[static_cast<std::size_t>(what)]; }
  Lags& lags(LifecycleLag what) { return lags_[static_cast<std::size_t>(what)]; }

  /// Under their names after `prefix`.
  void add_to(Metrics& metrics, const std::string& prefix) const;

 private:
  std::array<std::uint64_t, kLifecycleCounts.size()> counts_{};
  std::vector<Lags> lags_;
};

}  // namespace rehearse::measure
