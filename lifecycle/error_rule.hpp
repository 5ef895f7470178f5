// The rule that rolls a version back whose answers fail: minute by minute it looks back over as
// many whole minutes as hold a number of requests, at least two, and fires when more than a share
// of these were errors. With fewer requests since it began it cannot fire.
#pragma once

#include <cstdint>
#include <deque>
#include <utility>

namespace rehearse::lifecycle {

struct ErrorRuleSettings {
  double above = 0.01;  ///< of the requests, errors
  std::uint64_t least_requests = 1000;
  std::size_t least_minutes = 2;
};

class ErrorRule {
 public:
  explicit ErrorRule(ErrorRuleSettings settings = {}) : settings_(settings) {}

  /// A minute has passed; true when the rule fires. REQUIRES: errors <= requests.
  bool minute(std::uint64_t requests, std::uint64_t errors);
  /// Another version serves.
  void restart() { minutes_.clear(); }

 private:
  ErrorRuleSettings settings_;
  /// Requests and errors, oldest first: no more minutes than the rule looks back over.
  std::deque<std::pair<std::uint64_t, std::uint64_t>> minutes_;
};

}  // namespace rehearse::lifecycle
