// What is counted and timed of a lifecycle: the names of these metrics and what they mean.
//
// Each is a metric of the run and, as model.<name>.*, of each model. Counts cover the whole run.
// Lags are those of lags.hpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace rehearse::measure {

enum class LifecycleCount : std::uint8_t {
  alerts,
  detections,
  missed,
  false_alarms,
  held_back,
  runs,
  failed_runs,
  rejected_runs,
  capped_runs,
  ignored_triggers,
  wasted_runs,
  rejected_by_rows,  // the gates, in the order of lifecycle::Gate
  rejected_by_class,
  rejected_by_missing,
  rejected_by_leak,
  rejected_by_auc,
  signals_sent,  // what becomes of signals, in the order of lifecycle::SignalFate::Fate
  signals_lost,
  signals_duplicated,
  signals_redelivered,
  signals_ignored,
  canaries_passed,
  canaries_failed,
  canaries_marginal,
  canaries_without_data,
  false_passes,
  false_fails,
  promoted,
  violations,
  rollbacks,
  refused_rollbacks,
  late_rollbacks,
  persons_asked,
  persons_escalated,
};

struct LifecycleCountInfo {
  std::string_view name;
  std::string_view meaning;
};

/// In the order of the enumerators.
inline constexpr std::array kLifecycleCounts = std::to_array<LifecycleCountInfo>({
    {"drift.alerts", "responses of monitors, but for those held back"},
    {"drift.detections", "drifts that a monitor responded to while they were open"},
    {"drift.missed", "drifts that none did, those open at the end included"},
    {"drift.false_alarms", "responses while no drift of the model was open"},
    {"drift.held_back", "responses that a cool-down or a cap held back"},
    {"retraining.runs", "trainings that got a slot"},
    {"retraining.failed", "trainings whose every attempt failed"},
    {"retraining.rejected", "trained versions that the gates rejected"},
    {"retraining.capped", "trainings that the model's cap kept from being asked for"},
    {"retraining.ignored", "triggers that found the model in training or under release"},
    {"retraining.wasted",
     "promotions of a version that earned under 1% more than the one before it would have"},
    {"gates.rejected.rows", "rejected for too few rows"},
    {"gates.rejected.class", "rejected for too few rows of a class, or none"},
    {"gates.rejected.missing", "rejected for a feature that is absent too often"},
    {"gates.rejected.leak", "rejected for an AUC that is too good to be true"},
    {"gates.rejected.auc", "rejected for an AUC too low by itself or beside production's"},
    {"signals.sent", "signals, once for each subscriber"},
    {"signals.lost", "those that no attempt brought"},
    {"signals.duplicated", "attempts that arrived twice"},
    {"signals.redelivered", "attempts after the first"},
    {"signals.ignored", "arrivals on which nothing was done, having been acted on before"},
    {"canary.passed", "verdicts pass"},
    {"canary.failed", "verdicts fail"},
    {"canary.marginal", "verdicts that a person had to decide on"},
    {"canary.no_data", "verdicts for want of data"},
    {"canary.false_pass", "bad candidates that passed, by verdict or by a person's approval"},
    {"canary.false_fail", "good candidates that failed"},
    {"release.promoted", "versions that became production on evidence"},
    {"release.violations", "invariants of a release that an unsafe setting broke"},
    {"rollback.count", "rollbacks, of canaries too"},
    {"rollback.refused", "rollbacks for which there was no version to return to"},
    {"rollback.late", "rollbacks that took longer than their procedure allows"},
    {"person.asked", "times that a person had to decide"},
    {"person.escalated", "times that another one was asked, the first not having answered"},
});

enum class LifecycleLag : std::uint8_t {
  detection_delay,
  restored,
  training_wait,
  canary_duration,
  release_waiting,
  time_to_canary,
  recovery,
  rollback_detection,
  person_wait,
};

/// Every lag has .max and .count.
struct LifecycleLagInfo {
  std::string_view name;
  std::string_view of;    ///< from what until what
  bool censored = false;  ///< it may be unfinished when the run ends
  bool mean = false;
  bool p99 = false;
};

inline constexpr std::array kLifecycleLags = std::to_array<LifecycleLagInfo>({
    {"drift.detection_delay", "from the begin of a drift to the first response to it", true, true},
    {"retraining.restored",
     "from the begin of a drift until a version trained after it was promoted", true, true},
    {"retraining.wait", "that trainings wait for a slot", true, true, true},
    {"canary.duration", "from a canary's first traffic to its verdict", false, true},
    {"release.waiting", "from passing the gates to the launch of the canary", true},
    {"release.time_to_canary", "from the end of a training to the launch of its canary", true},
    {"rollback.recovery", "from the trigger of a rollback until it had recovered", true},
    {"rollback.detection", "from a version's first traffic to the trigger of its rollback"},
    {"person.wait", "that persons take to answer", true},
});

/// The procedures that have figures of their own: rollback.<procedure>.count, .recovery.max and
/// .detection.max.
inline constexpr std::array kMeasuredProcedures =
    std::to_array<std::string_view>({"serving-errors", "canary-failure", "engagement-drop"});

static_assert(kLifecycleCounts.size() ==
              static_cast<std::size_t>(LifecycleCount::persons_escalated) + 1);
static_assert(kLifecycleLags.size() == static_cast<std::size_t>(LifecycleLag::person_wait) + 1);

}  // namespace rehearse::measure
