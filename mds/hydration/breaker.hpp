// Circuit breaker of a source: after a number of failures in a row no call starts for a while; then
// one call is let through, and its outcome decides. Calls that began before it opened do not count.
#pragma once

#include <cstdint>
#include <optional>

#include "base/time.hpp"
#include "mds/service/service_config.hpp"

namespace rehearse::mds {

class CircuitBreaker {
 public:
  /// Never opens.
  CircuitBreaker() = default;
  explicit CircuitBreaker(const std::optional<BreakerPolicy>& policy) : policy_(policy) {}

  /// The first moment at which a call may start; never while a trial call is out.
  Time earliest() const;
  /// A call starts; true when it is the trial call. REQUIRES: now >= earliest().
  bool start(Time now);

  /// For fingerprints: 0 closed, 1 open, 2 a trial is out; failures counted; end of the opening.
  int mode() const { return static_cast<int>(mode_); }
  int failures() const { return failures_; }
  Time until() const { return until_; }

  enum class Switch : std::uint8_t { none, opened, closed };
  /// A call ended. `trial` is what start said.
  Switch finish(bool succeeded, bool trial, Time now);

 private:
  enum class Mode : std::uint8_t { closed, open, trying };
  std::optional<BreakerPolicy> policy_;
  Mode mode_ = Mode::closed;
  int failures_ = 0;
  Time until_;
};

}  // namespace rehearse::mds
