#include "rollout/release.hpp"

#include <fmt/format.h>

#include <array>
#include <cassert>
#include <utility>

namespace rehearse::rollout {
namespace {

constexpr std::array<std::pair<State, const char*>, 12> kStates = {{
    {State::development, "development"},
    {State::offline_eval, "offline-eval"},
    {State::candidate, "candidate"},
    {State::canary_deploy, "canary-deploy"},
    {State::kayenta_analysis, "kayenta-analysis"},
    {State::production, "production"},
    {State::ab_test, "ab-test"},
    {State::monitoring, "monitoring"},
    {State::drift_detected, "drift-detected"},
    {State::retraining, "retraining"},
    {State::degraded_mode, "degraded-mode"},
    {State::rollback, "rollback"},
}};

constexpr std::array<std::pair<Event, const char*>, 20> kEvents = {{
    {Event::training_complete, "training-complete"},
    {Event::metrics_pass_gates, "metrics-pass-gates"},
    {Event::metrics_fail, "metrics-fail"},
    {Event::canary_launched, "canary-launched"},
    {Event::collecting_metrics, "collecting-metrics"},
    {Event::canary_passes, "canary-passes"},
    {Event::canary_fails, "canary-fails"},
    {Event::fix_and_retry, "fix-and-retry"},
    {Event::experiment_configured, "experiment-configured"},
    {Event::winner_deployed, "winner-deployed"},
    {Event::no_winner, "no-winner"},
    {Event::guardrail_violated, "guardrail-violated"},
    {Event::health_checks, "health-checks"},
    {Event::all_healthy, "all-healthy"},
    {Event::metric_degradation, "metric-degradation"},
    {Event::pipeline_triggered, "pipeline-triggered"},
    {Event::new_version_trained, "new-version-trained"},
    {Event::infrastructure_issue, "infrastructure-issue"},
    {Event::issue_resolved, "issue-resolved"},
    {Event::issue_persists, "issue-persists"},
}};

/// What a forked token may walk along until its version is trained.
bool on_the_drift_edges(Event event) {
  return event == Event::health_checks || event == Event::metric_degradation ||
         event == Event::pipeline_triggered || event == Event::new_version_trained;
}

}  // namespace

std::string to_string(State state) {
  for (const auto& [one, name] : kStates) {
    if (one == state) return name;
  }
  return "";
}

std::string to_string(Event event) {
  for (const auto& [one, name] : kEvents) {
    if (one == event) return name;
  }
  return "";
}

std::optional<Event> event_named(const std::string& name) {
  for (const auto& [one, known] : kEvents) {
    if (name == known) return one;
  }
  return std::nullopt;
}

const std::vector<Transition>& transitions() {
  using S = State;
  using E = Event;
  static const std::vector<Transition> all = {
      {S::development, E::training_complete, S::offline_eval},
      {S::offline_eval, E::metrics_pass_gates, S::candidate},
      {S::offline_eval, E::metrics_fail, S::development},
      {S::candidate, E::canary_launched, S::canary_deploy},
      {S::canary_deploy, E::collecting_metrics, S::kayenta_analysis},
      {S::kayenta_analysis, E::canary_passes, S::production},
      {S::kayenta_analysis, E::canary_fails, S::rollback},
      {S::rollback, E::fix_and_retry, S::candidate},
      {S::production, E::experiment_configured, S::ab_test},
      {S::ab_test, E::winner_deployed, S::production},
      {S::ab_test, E::no_winner, S::rollback},
      {S::ab_test, E::guardrail_violated, S::rollback},
      {S::production, E::health_checks, S::monitoring},
      {S::monitoring, E::all_healthy, S::production},
      {S::monitoring, E::metric_degradation, S::drift_detected},
      {S::drift_detected, E::pipeline_triggered, S::retraining},
      {S::retraining, E::new_version_trained, S::offline_eval},
      {S::monitoring, E::infrastructure_issue, S::degraded_mode},
      {S::degraded_mode, E::issue_resolved, S::production},
      {S::degraded_mode, E::issue_persists, S::rollback},
  };
  return all;
}

bool takes_traffic(State state) {
  return state == State::kayenta_analysis || state == State::ab_test ||
         state == State::production || state == State::monitoring || state == State::degraded_mode;
}

std::optional<State> next_state(State from, Event event) {
  for (const Transition& transition : transitions()) {
    if (transition.from == from && transition.event == event) return transition.to;
  }
  return std::nullopt;
}

Release Release::forked(std::string version, ReleasePolicy policy) {
  Release release(std::move(version), std::move(policy));
  release.state_ = State::production;
  release.untrained_ = true;
  return release;
}

State Release::target(Event event) const {
  const auto to = next_state(state_, event);
  if (untrained_ && to && !on_the_drift_edges(event)) {
    throw IllegalTransition(fmt::format("version {} is still to be trained; {} has to wait for it",
                                        version_, to_string(event)));
  }
  if (to && !rolling_back_) return *to;
  if (rolling_back_) {
    throw IllegalTransition(
        fmt::format("version {} is being rolled back; {} has to wait until the "
                    "rollback has finished",
                    version_, to_string(event)));
  }
  std::vector<std::string> known;
  for (const Transition& transition : transitions()) {
    if (transition.from == state_) known.push_back(to_string(transition.event));
  }
  throw IllegalTransition(fmt::format("version {} is in {}, which knows {}, not {}", version_,
                                      to_string(state_), fmt::join(known, ", "), to_string(event)));
}

void Release::move(Event event, Time now, bool by_person) {
  assert(history_.empty() || history_.back().time <= now);
  const State to = target(event);
  history_.push_back({now, state_, event, to, by_person});
  state_ = to;
  if (event == Event::new_version_trained) untrained_ = false;
  waiting_.reset();
  if (to == State::rollback) rolling_back_ = now;
}

bool Release::request(Event event, Time now) {
  if (policy_.manual.contains(event)) {
    ask_person(event, now);
    return false;
  }
  move(event, now, false);
  return true;
}

void Release::decide_automatically(Event event, Time now) { move(event, now, false); }

void Release::ask_person(Event proposed, Time) {
  target(proposed);
  waiting_ = proposed;
}

void Release::approve(Time now) {
  if (!waiting_) throw IllegalTransition(fmt::format("version {} waits for nobody", version_));
  move(*waiting_, now, true);
}

void Release::decide(Event instead, Time now) { move(instead, now, true); }

void Release::rollback_finished(Time now) {
  if (!rolling_back_) {
    throw IllegalTransition(fmt::format("version {} is not being rolled back", version_));
  }
  assert(now >= *rolling_back_);
  static_cast<void>(now);
  rolling_back_.reset();
}

}  // namespace rehearse::rollout
