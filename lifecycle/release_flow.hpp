// From a candidate that has passed its gates to production, and back.
//
// One candidate of a model is under way at a time; of those that wait the newest follows, or each
// in its turn. It is loaded and, if that is asked for, answers copies of requests. Then it takes
// its share of the traffic beside a fresh baseline; analysis begins when the first router applies
// the rule, looks count from when the last has. A pass sends canary_passed, on whose arrival it is
// promoted; a marginal verdict waits for a person; a failure takes it back. The version that serves
// is rolled back at once when its errors fire the error rule, and when a person confirms it, after
// a drop of engagement within the probation. A version that was rolled back is not launched again.
//
// A rollback ends when the last router has left the version: `recovered`.
// The pointer and the tokens are those of rollout::ReleaseLine, whose invariants hold; every record
// in the lineage names its cause. Sans-I/O: time and counts are passed in; deeds and signals come
// out.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lifecycle/deeds.hpp"
#include "lifecycle/fact.hpp"
#include "lifecycle/inquiry.hpp"
#include "lifecycle/lineage.hpp"
#include "lifecycle/release_settings.hpp"
#include "lifecycle/signal.hpp"
#include "lifecycle/version.hpp"
#include "rollout/release_line.hpp"

namespace rehearse::lifecycle {

/// Counts of a whole minute: of the version that serves, and of both sides of a canary; nullopt for
/// what was not there or not measured.
struct MinuteOfArms {
  std::optional<ArmMinute> production, baseline, canary;
};

/// A fault that touches a model's answers.
struct OngoingFault {
  Time since;
  RecordId record;
};

class ReleaseFlow {
 public:
  /// The first version serves from time 0 on: its deeds are there at once. `lineage` outlives this.
  ReleaseFlow(ModelEntities entities, const Version& first, ReleaseSettings settings,
              std::uint64_t seed, std::uint64_t replication, Lineage& lineage);

  // The token of a version that is being trained, up to its gates.
  void training_started(std::int64_t version, bool after_drift, RecordId run, Time now);
  void training_ended(std::int64_t version, RecordId run, Time now);
  void gates_failed(std::int64_t version, RecordId gate, Time now);
  /// It has passed its gates: it is registered, and launched when it is its turn.
  void submit(const Version& version, RecordId gate, Time now);

  /// canary_passed has arrived. Returns false when there is nothing to promote any more: the
  /// signal came a second time, or the version has been taken back since.
  bool promote(const CanaryPassed& passed, RecordId signal, Time now);

  /// What faults do from now on: whether rules are held, and whether one touches the answers.
  void conditions(bool rules_held, const std::optional<OngoingFault>& fault, Time now);
  /// Copies that the candidate under way answers now.
  struct Copies {
    std::int64_t version;
    double share;
  };
  std::optional<Copies> copies() const;
  /// Whether its shadow has ended, of which shadowed() is to be told before advance(now).
  bool shadow_is_due(Time now) const;
  void shadowed(const ShadowReport& report, Time now);

  /// A whole minute has passed; comes before advance(now). The error rule looks back over minutes
  /// that follow each other. REQUIRES: nothing was due before it.
  void minute(const MinuteOfArms& counts, Time now);
  /// A day has passed, with so many requests and clicks of the production arm.
  void midnight(std::uint64_t requests, std::uint64_t clicks, Time now);

  std::optional<Time> next_wakeup() const;
  /// Does what is due by now: routers, looks, persons, ends of rollbacks.
  void advance(Time now);

  Deeds take_deeds() { return std::exchange(deeds_, {}); }
  std::vector<Signal> take_signals() { return std::exchange(signals_, {}); }
  /// What is exact in them is left open.
  std::vector<Happened> take_facts() { return std::exchange(facts_, {}); }
  std::vector<Inquiry> take_inquiries() { return std::exchange(inquiries_, {}); }

  const rollout::ReleaseLine& line() const { return line_; }
  const Routes& routes() const { return routes_; }
  std::int64_t production() const { return production_; }
  /// Whether a new candidate takes the place of one under way.
  bool restarts() const { return settings_.on_new_version == OnNewVersion::restart; }
  const Version& version(std::int64_t number) const { return versions_.at(number); }
  /// When a version has come into production last; nullopt of one that never has.
  std::optional<Time> promoted_at(std::int64_t version) const;
  std::optional<std::int64_t> under_way() const;

 private:
  enum class Phase {
    to_shadow,   ///< until the last router copies requests to it
    shadow,      ///< until the report on its answers
    to_traffic,  ///< until the first router sends requests to it
    routing,     ///< until the last one does
    canary,      ///< looks, and a person who is asked
    passed       ///< until the signal that says so arrives
  };
  struct Asked {
    PersonAnswer answer;
    RecordId page;
  };
  /// The candidate whose turn it is.
  struct UnderWay {
    std::int64_t version, baseline;
    RecordId cause;  ///< of what happens next to it: its version, then its verdict
    Phase phase = Phase::to_traffic;
    RuleChange rule = {};  ///< that brings it copies or requests
    Time shadow_end = {};
    std::optional<Canary> canary = {};
    std::optional<double> score = {};  ///< of its last look
    std::optional<Asked> person = {};
  };
  /// The second operation of a promotion in two steps.
  struct Retirement {
    Time at;
    std::int64_t version;
    RecordId cause;
  };
  struct Confirmation {
    std::int64_t version;
    Asked asked;
    Time triggered;
  };
  /// A version that was taken back, until the last router has left it.
  struct Leaving {
    std::string procedure;
    std::int64_t version;
    Time triggered, recovered;
    RecordId cause;
  };

  std::string name(std::int64_t version) const { return "v" + std::to_string(version); }
  stats::Stream stream(std::int64_t version, const char* what) const;
  const rollout::Procedure& procedure(const std::string& name) const;
  RecordId record(What what, std::int64_t version, RecordId cause, std::string detail, Time now);
  void step(std::int64_t version, rollout::Event event, RecordId cause, Time now);
  void told_steps(std::int64_t version, RecordId cause, Time now);
  void add(Deeds deeds);
  void inquire(Occasion occasion, const char* what, std::int64_t version, RecordId cause);
  Asked ask_person(std::int64_t version, const std::string& about, const char* what, RecordId cause,
                   Time now);
  RecordId answered(std::int64_t version, const Asked& asked, const char* what, Time now);

  void launch_next(Time now);
  void launch(std::int64_t version, Time now);
  void launch_shadow(Time now);
  void launch_canary(bool load, Time now);
  void forget_for(std::int64_t version, Time now);
  void violated(const char* invariant, std::string what);
  void advance_under_way(Time now);
  void look(Time now);
  void person_answers(Time now);
  void decided(CanaryDecided::Outcome outcome, bool by_person, bool no_data, Time now);
  void passed(bool by_person, RecordId cause, Time now);
  void take_back(RecordId cause, Time now, const std::optional<RuleChange>& with = {});
  std::optional<Time> next_of_under_way() const;

  void errors_fired(Time now);
  void engagement_dropped(Time now);
  void answer_confirmation(Time now);
  rollout::Revert revert(const char* procedure, bool confirmed, RecordId cause, Time now);
  void serve_before(const char* procedure, RecordId cause, Time triggered, Time now);
  RuleChange all_to(std::int64_t version, std::int64_t because_of, const char* what, Time now);
  Time first_traffic(std::int64_t version, Time now) const;
  Time onset(std::int64_t version, const std::string& procedure, Time triggered) const;
  void leave(const char* procedure, std::int64_t version, Time triggered, Time recovered,
             RecordId cause);
  void finish_leaving(Time now);
  bool loaded(std::int64_t version, Time now) const;
  void retire(Time now);

  ModelEntities entities_;
  std::string model_;
  ReleaseSettings settings_;
  std::uint64_t seed_, replication_;
  Lineage& lineage_;
  std::vector<rollout::Procedure> procedures_;
  rollout::ReleaseLine line_;
  Routes routes_;
  std::map<std::int64_t, Version> versions_;
  std::map<std::int64_t, RecordId> submitted_;  ///< why each stands where it does
  std::map<std::int64_t, Time> trained_, registered_;
  std::map<std::int64_t, std::size_t> told_;  ///< steps of each token that are in the lineage
  std::map<std::int64_t, Time> first_traffic_, promoted_at_;
  std::int64_t production_;
  std::vector<std::int64_t> released_;  ///< in the order in which they began to serve
  std::vector<std::int64_t> waiting_;
  std::optional<UnderWay> under_way_;
  std::optional<Confirmation> confirmation_;
  std::vector<Leaving> leaving_;
  std::map<std::int64_t, Time> left_;  ///< when the last router leaves one that was replaced
  std::vector<Retirement> retirements_;
  std::optional<OngoingFault> fault_;
  std::optional<std::int64_t> refused_;  ///< the version whose rollback was refused last
  ErrorRule errors_;
  std::optional<Time> last_minute_;
  EngagementRule engagement_;
  Deeds deeds_;
  std::vector<Signal> signals_;
  std::vector<Happened> facts_;
  std::vector<Inquiry> inquiries_;
};

}  // namespace rehearse::lifecycle
