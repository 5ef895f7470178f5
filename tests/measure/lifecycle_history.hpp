// A lifecycle told by hand, and the metrics that come of it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "measure/lifecycle_log.hpp"

namespace rehearse::test {

constexpr Time hour(std::int64_t hours) { return Time{} + Duration::hours(hours); }

/// A warm-up of 10 hours, 100 hours in all and 10 of quiet; the models `rec` and `search`.
inline measure::LifecycleLogConfig two_models(std::vector<learning::Drift> drifts = {}) {
  measure::LifecycleLogConfig config;
  config.window = {hour(10), hour(100), hour(110)};
  config.models = {{"rec", std::move(drifts)}, {"search"}};
  config.slots = 2;
  config.buckets = 11;  // of ten hours
  return config;
}

/// Tells facts in their order.
class Told {
 public:
  explicit Told(const measure::LifecycleLogConfig& config) : log_(config) {}

  template <class What>
  Told& fact(std::int64_t hours, const What& what, std::size_t model = 0) {
    log_.on(lifecycle::Fact{model, what}, hour(hours));
    return *this;
  }
  template <class What>
  Told& fact(Time at, const What& what, std::size_t model = 0) {
    log_.on(lifecycle::Fact{model, what}, at);
    return *this;
  }
  Told& served(const lifecycle::Served& served) {
    log_.on(served, served.until);
    return *this;
  }
  measure::LifecycleLog& log() { return log_; }
  measure::Metrics metrics() {
    log_.finish();
    measure::Metrics metrics;
    log_.add_to(metrics);
    return metrics;
  }

 private:
  measure::LifecycleLog log_;
};

}  // namespace rehearse::test
