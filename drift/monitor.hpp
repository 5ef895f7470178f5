// A policy at work: checks come in with their time, actions that are due come out.
//
// Sans-I/O: whoever drives it asks for the time of the next check and passes in what was measured.
// Invariants: no response happens twice in an episode, within its cool-down, or beyond its cap;
// a check without data neither violates nor ends an episode.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "drift/policy.hpp"
#include "stats/sample.hpp"

namespace rehearse::drift {

/// The mean of the values of a window of time.
class RollingBaseline {
 public:
  explicit RollingBaseline(Baseline settings) : settings_(settings) {}

  /// REQUIRES: times do not go backwards.
  void add(Time now, double value);

  /// Mean of the values in [now - window, now) so far; nullopt while they are too few.
  std::optional<double> mean(Time now) const;

 private:
  struct Entry {
    Time time;
    double value;
  };
  Baseline settings_;
  std::deque<Entry> entries_;
};

struct Action {
  ActionKind kind = ActionKind::alert;
  std::string emphasis;
};

/// What a check found.
struct Check {
  Time time;
  std::vector<std::optional<double>> measured;  ///< one per condition; nullopt without data
  bool violated = false;
  int in_a_row = 0;               ///< violating checks, this one included
  std::vector<Action> actions;    ///< due now
  std::vector<Action> held_back;  ///< due but for a cool-down or a cap
};

class Monitor {
 public:
  explicit Monitor(Policy policy);

  const Policy& policy() const { return policy_; }
  /// The first check is one interval after `start`.
  Time next_check(Time after) const { return after + policy_.every; }

  /// For policies on samples. An empty sample is a check without data.
  Check check_samples(Time now, stats::Sample reference, stats::Sample current);
  /// For policies on single values; also feeds the rolling baseline. NaN is a check without data.
  Check check_value(Time now, double value);

 private:
  Check judge(Check check);
  void respond(std::size_t which, Check& check);

  Policy policy_;
  RollingBaseline baseline_;
  int in_a_row_ = 0;
  Time episode_start_;
  std::vector<bool> done_;                 ///< per response, in this episode
  std::vector<std::deque<Time>> history_;  ///< per response, when it happened
};

}  // namespace rehearse::drift
