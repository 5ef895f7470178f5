// A policy at work: checks come in with their time, actions that are due come out.
//
// Sans-I/O: whoever drives it asks for the time of the next check and passes in what was measured.
// Where samples are compared, one feature or several, the monitor keeps a reference for each; a
// check violates the policy when all conditions hold for one and the same feature.
// Invariants: no response happens twice in an episode, within its cool-down, or beyond its cap;
// a check without data neither violates nor ends an episode.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "drift/policy.hpp"
#include "drift/reference.hpp"

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
  /// One per condition, of the feature that has drifted most: by the first condition's measure, and
  /// if any violates, among those that do. nullopt without data.
  std::vector<std::optional<double>> measured;
  std::size_t feature = 0;           ///< which one that is
  std::vector<std::size_t> drifted;  ///< the features for which all conditions hold
  bool violated = false;
  int in_a_row = 0;               ///< violating checks, this one included
  std::vector<Action> actions;    ///< due now
  std::vector<Action> held_back;  ///< due but for a cool-down or a cap
};

/// For each feature, in the order of the references: its current values, NaN where one is missing,
/// or its counts in the bins of its reference. Empty, or all 0: no data on the feature.
using PerFeature = std::vector<std::vector<double>>;

class Monitor {
 public:
  /// `references` for policies on samples, one per feature that is looked at.
  explicit Monitor(Policy policy, std::vector<Reference> references = {});

  const Policy& policy() const { return policy_; }
  const std::vector<Reference>& references() const { return references_; }
  /// The first check is one interval after `start`.
  Time next_check(Time after) const { return after + policy_.every; }

  /// Another version is in production, by promotion or by rollback: what it is compared with is
  /// its own, and an episode of the one before it is over. Cool-downs, caps and the rolling
  /// baseline go on.
  void renew(std::vector<Reference> references = {});

  /// For policies on samples. REQUIRES: as many features as references, at least one.
  Check check_samples(Time now, const PerFeature& values);
  /// For policies whose conditions all look at bins. REQUIRES: as above.
  Check check_bins(Time now, const PerFeature& counts);
  /// For policies on single values; also feeds the rolling baseline and detectors. NaN is a check
  /// without data. REQUIRES: a value that the policy's detectors take.
  Check check_value(Time now, double value);

 private:
  using Measured = std::vector<std::optional<double>>;

  void make_detectors();
  Measured measure_values(std::size_t feature, const std::vector<double>& values) const;
  std::optional<double> measure_value(std::size_t condition, double value,
                                      std::optional<double> before);
  Check judge(Time now, const std::vector<Measured>& features);
  bool holds_all(const Measured& measured) const;
  void violated(Check& check);
  void respond(std::size_t which, Check& check);
  void end_episode();

  Policy policy_;
  std::vector<Reference> references_;
  RollingBaseline baseline_;
  std::vector<std::unique_ptr<Detector>> detectors_;  ///< per condition; nullptr for a measure
  int in_a_row_ = 0;
  Time episode_start_;
  std::vector<bool> done_;                 ///< per response, in this episode
  std::vector<std::deque<Time>> history_;  ///< per response, when it happened
};

}  // namespace rehearse::drift
