#include "measure/lifecycle_tally.hpp"

namespace rehearse::measure {

void add_lag(Metrics& metrics, const std::string& name, const Lags& lags, bool mean, bool p99) {
  const Lags::Summary summary = lags.summary();
  if (mean) metrics[name + ".mean"] = summary.mean;
  if (p99) metrics[name + ".p99"] = summary.p99;
  metrics[name + ".max"] = summary.max;
  metrics[name + ".count"] = static_cast<double>(summary.count);
  metrics[name + ".censored"] = static_cast<double>(summary.censored);
}

void LifecycleTally::add_to(Metrics& metrics, const std::string& prefix) const {
  for (std::size_t i = 0; i < kLifecycleCounts.size(); ++i) {
    metrics[prefix + std::string(kLifecycleCounts[i].name)] = static_cast<double>(counts_[i]);
  }
  for (std::size_t i = 0; i < kLifecycleLags.size(); ++i) {
    const LifecycleLagInfo& info = kLifecycleLags[i];
    add_lag(metrics, prefix + std::string(info.name), lags_[i], info.mean, info.p99);
  }
}

}  // namespace rehearse::measure
