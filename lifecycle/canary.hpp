// A canary beside a fresh baseline: minute by minute points of both, and looks at them.
//
// The candidate and the version in production, begun anew, take the same share of the traffic. A
// minute gives each side a point of `errors`, `error_rate`, `latency_p99` and `engagement`; without
// requests, or while nothing is measured, the point is missing. Every `look` after the last router
// has applied the rule the points so far are judged (rollout::judge). A failure ends the canary at
// once; the look at its end decides whether it passes.
//
// A look at which a side has no point, or whose verdict cannot be told, has no data. It fails, or
// is made up for by one more look at the end, at most kMostMore, or counts as passed: unsafe.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "lifecycle/arm_minute.hpp"
#include "rollout/canary_judge.hpp"

namespace rehearse::lifecycle {

enum class NoData { fail, extend, pass };

/// Errors (rare events, critical, significance 0.005), weight 40; the minutes' 99th percentile of
/// latency (critical where it is 1.25 times the baseline's), 20; engagement, 40. Passes at 95, is
/// marginal from 75 on.
rollout::CanaryConfig shipped_canary_config();

struct CanarySettings {
  double share = 0.05;
  Duration lasts = Duration::hours(4);
  Duration look = Duration::hours(1);
  rollout::CanaryConfig config = shipped_canary_config();
  NoData no_data = NoData::fail;
};

struct Look {
  enum class Outcome { goes_on, passed, marginal, failed };
  Outcome outcome = Outcome::goes_on;
  bool no_data = false;
  double score = 0;  ///< of the points so far; 0 without data
  std::string why;   ///< of a failure, a marginal verdict or missing data
};

class Canary {
 public:
  static constexpr int kMostMore = 3;

  /// `routed` is when the last router has applied the rule. REQUIRES: a look, none after the end.
  Canary(CanarySettings settings, Time routed);

  Time routed() const { return routed_; }
  /// A minute has passed in which both sides had their share of the traffic; nullopt for a side
  /// that was not measured.
  void minute(const std::optional<ArmMinute>& baseline, const std::optional<ArmMinute>& canary);

  Time next_look() const { return next_look_; }
  /// REQUIRES: the time of the next look; no look has decided yet.
  Look look(Time now);

 private:
  /// A look that would come after the end is not made.
  bool last(Time now) const { return now + settings_.look > end_; }
  bool without_data() const;
  Look no_data(Time now, std::string why);
  Look go_on(Look look);

  CanarySettings settings_;
  Time routed_, end_, next_look_;
  std::map<std::string, rollout::Series> series_;
  int more_ = 0;
  bool over_ = false;
};

}  // namespace rehearse::lifecycle
