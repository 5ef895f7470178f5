#include "measure/lifecycle_tally.hpp"

namespace rehearse::measure {

void LifecycleTally::add_to(Metrics& metrics, const std::string& prefix) const {
  for (std::size_t i = 0; i < kLifecycleCounts.size(); ++i) {
    metrics[prefix + std::string(kLifecycleCounts[i].name)] = static_cast<double>(counts_[i]);
  }
  for (std::size_t i = 0; i < kLifecycleLags.size(); ++i) {
    const LifecycleLagInfo& info = kLifecycleLags[i];
    const std::string name = prefix + std::string(info.name);
    const Lags::Summary summary = lags_[i].summary();
    if (info.mean) metrics[name + ".mean"] = summary.mean;
    if (info.p99) metrics[name + ".p99"] = summary.p99;
    metrics[name + ".max"] = summary.max;
    metrics[name + ".count"] = static_cast<double>(summary.count);
    if (info.censored) metrics[name + ".censored"] = static_cast<double>(summary.censored);
  }
}

}  // namespace rehearse::measure
