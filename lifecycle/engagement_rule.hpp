// The rule that proposes to roll a version back that is clicked less than the one before it.
//
// At every midnight of the probation after a promotion the engagement of all whole days since is
// held against the lower of two: the last whole day before the promotion, and the mean of the
// seven days before it. It fires when more than a share of that is lost. With fewer than three
// days before the promotion there is nothing to go by; after the probation a drop is the monitors'
// business, as returning to an older version does not mend drift. A return to the version before
// is no promotion. Days without requests are no days.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "base/time.hpp"

namespace rehearse::lifecycle {

struct EngagementRuleSettings {
  double above = 0.05;  ///< lost, of what was before
  Duration probation = Duration::days(7);
  std::size_t days = 7;
  std::size_t least_days = 3;
};

class EngagementRule {
 public:
  explicit EngagementRule(EngagementRuleSettings settings = {}) : settings_(settings) {}

  void promoted(Time now);
  void reverted() { trial_.reset(); }

  /// A day has passed, with so many clicks of the production arm's requests; true when the rule
  /// fires. It goes on firing at every midnight until the probation ends. REQUIRES: a whole number
  /// of days, one more than at the call before.
  bool midnight(Time now, std::uint64_t requests, std::uint64_t clicks);

 private:
  struct Trial {
    Time promoted;
    double before = 0;
    std::uint64_t requests = 0, clicks = 0;
  };

  std::optional<double> before() const;

  EngagementRuleSettings settings_;
  std::deque<double> days_;  ///< engagement of the newest whole days, oldest first
  std::optional<Trial> trial_;
};

}  // namespace rehearse::lifecycle
