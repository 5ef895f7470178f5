// The life of a model version, from development to production and back.
//
// The states and transitions are those of the platform's release diagram, and one more: a test may
// end without a winner. An event that a state does not know is refused (IllegalTransition names
// those it knows), so a rollback cannot be lost in a wait: while a version is being rolled back,
// nothing but the end of the rollback is legal. Steps may be automatic or wait for a person, as the
// policy says; a waiting step dies when another event moves the version on.
//
// A Release is the token of one version. The drift edges belong to the version that a retraining
// will bring: its token is forked in production, where that of the version in service stays, and
// walks along them; until it is trained it takes no traffic and can go nowhere else.
//
//   development -> offline-eval -> candidate -> canary-deploy -> kayenta-analysis -> production
//   production -> ab-test, monitoring; monitoring -> drift-detected, degraded-mode
//   drift-detected -> retraining -> offline-eval; degraded-mode -> production, rollback
//   kayenta-analysis, ab-test -> rollback -> candidate
//   ab-test -> rollback without a winner
#pragma once

#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/time.hpp"

namespace rehearse::rollout {

enum class State {
  development,
  offline_eval,
  candidate,
  canary_deploy,
  kayenta_analysis,
  production,
  ab_test,
  monitoring,
  drift_detected,
  retraining,
  degraded_mode,
  rollback
};

enum class Event {
  training_complete,
  metrics_pass_gates,
  metrics_fail,
  canary_launched,
  collecting_metrics,
  canary_passes,
  canary_fails,
  fix_and_retry,
  experiment_configured,
  winner_deployed,
  no_winner,
  guardrail_violated,
  health_checks,
  all_healthy,
  metric_degradation,
  pipeline_triggered,
  new_version_trained,
  infrastructure_issue,
  issue_resolved,
  issue_persists
};

std::string to_string(State state);
std::string to_string(Event event);
/// nullopt for a name that no event has.
std::optional<Event> event_named(const std::string& name);

struct Transition {
  State from;
  Event event;
  State to;
};

/// Every transition there is.
const std::vector<Transition>& transitions();

/// Whether members are served by a version in this state: of a canary, a test, or production. One
/// in rollback still is until its routers have left it.
bool takes_traffic(State state);

/// nullopt when the state does not know the event.
std::optional<State> next_state(State from, Event event);

class IllegalTransition : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

/// Which steps wait for a person.
struct ReleasePolicy {
  std::set<Event> manual;
};

struct Step {
  Time time;
  State from;
  Event event;
  State to;
  bool by_person = false;
};

class Release {
 public:
  Release(std::string version, ReleasePolicy policy)
      : version_(std::move(version)), policy_(std::move(policy)) {}

  /// The token of a version that is to be trained because the one in service has drifted.
  static Release forked(std::string version, ReleasePolicy policy);

  const std::string& version() const { return version_; }
  State state() const { return state_; }
  /// Forked, and not trained yet.
  bool untrained() const { return untrained_; }
  const std::vector<Step>& history() const { return history_; }
  std::optional<Event> waiting_for_person() const { return waiting_; }
  /// Since when the version is being rolled back; nullopt when it is not.
  std::optional<Time> rolling_back_since() const { return rolling_back_; }

  /// An automatic step moves the version on; a manual one waits for approve(). Returns whether it
  /// moved. Throws IllegalTransition. REQUIRES: times do not go backwards.
  bool request(Event event, Time now);

  /// The step happens whatever the policy asks persons about: a fully automatic rollback does not
  /// wait. Throws IllegalTransition.
  void decide_automatically(Event event, Time now);

  /// A marginal verdict, or any automatic step that should wait this once. Throws
  /// IllegalTransition.
  void ask_person(Event proposed, Time now);

  /// A person lets the waiting step happen. Throws IllegalTransition when none waits.
  void approve(Time now);
  /// A person decides otherwise: `instead` happens. Throws IllegalTransition.
  void decide(Event instead, Time now);
  /// Nobody waits for the person any more.
  void withdraw() { waiting_.reset(); }

  /// All traffic is back on the stable version. Until then a version in rollback stays there.
  /// Throws IllegalTransition when no rollback is under way.
  void rollback_finished(Time now);

 private:
  State target(Event event) const;
  void move(Event event, Time now, bool by_person);

  std::string version_;
  ReleasePolicy policy_;
  State state_ = State::development;
  bool untrained_ = false;
  std::optional<Event> waiting_;
  std::optional<Time> rolling_back_;
  std::vector<Step> history_;
};

}  // namespace rehearse::rollout
