// One branch of an exploration: the service with its store over a world, what is on the bus and
// which calls are out, what may still go wrong, and what the properties need to remember.
//
// It is driven step by step: enabled() says what could happen next, apply() makes one of it happen
// and checks the properties of that step. push() and pop() branch and come back: a branch is a copy
// of all this and a savepoint of the store, which costs nothing until the step writes.
//
// Time is no part of it: every step takes a millisecond, so that moments can be told apart, and
// nothing waits (setup.hpp). The clock moves further only by Action::wake.
//
// Invariants: (1) the same choices from the start give the same branch, to the byte; (2) branches
// with equal fingerprints have the same future: the same choices are enabled, lead to equal
// fingerprints, and violate the same properties (branch.hpp says why).
//
// Threading: none; each thread has a System of its own. The truth is shared.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/fingerprint.hpp"
#include "explore/system/branch.hpp"
#include "explore/system/checks.hpp"
#include "explore/system/choice.hpp"
#include "explore/system/property.hpp"
#include "explore/system/redelivery.hpp"
#include "explore/system/scripted_truth.hpp"
#include "explore/system/setup.hpp"
#include "mds/service/probe.hpp"
#include "mds/service/service.hpp"
#include "mds/store/store.hpp"

namespace rehearse::explore {

/// What happened in a step, for telling it. Filled only where System::record says so.
struct StepRecord {
  Choice choice;
  Time at;
  std::size_t position = 0;               ///< changes of the script so far, this one included
  std::vector<mds::SourceRequest> calls;  ///< made in this step
  std::vector<mds::EventId> acknowledged;
  std::vector<mds::Notice> notices;
  std::vector<mds::TxReport> transactions;
  std::optional<mds::Response> response;   ///< given in this step
  std::optional<mds::QueryAnswer> answer;  ///< to a question asked in this step
  std::vector<Violation> violations;
};

class System {
 public:
  /// At the start: what exists is in the graph (or announced). REQUIRES: both outlive this.
  System(const Setup& setup, const ScriptedTruth& truth);

  /// What could happen next, sorted; empty when the schedule is complete. With `reduced`, only one
  /// of those that must come to the same: an event is lost at once or never.
  std::vector<Choice> enabled(bool reduced = false) const;
  bool is_enabled(const Choice& choice) const;
  /// An earlier event of its partition, on a kafka bus, is still on the bus.
  bool waits_in_partition(std::size_t event) const { return redelivery_.waits(event, branch_); }
  /// The place in Branch::calls of the call that a choice is about; its size when there is none.
  std::size_t find_call(const Choice& choice) const;

  /// Makes it happen. REQUIRES: it is enabled. Violations are those of this step.
  const std::vector<Violation>& apply(const Choice& choice);
  const std::vector<Violation>& violations() const { return checks_.violations(); }

  void push();  ///< remembers the branch
  void pop();   ///< back to where the last push was

  /// Script done, bus empty, no call out, no enrichment or wake-up left.
  bool quiet() const { return quiet_; }
  /// Nothing more is to come, but perhaps crashes.
  bool complete() const;
  Fingerprint fingerprint() const;
  /// The same, for who has the service's parts already.
  Fingerprint fingerprint(const mds::ServiceParts& parts) const;
  /// Parts of the service's fingerprint.
  mds::ServiceParts service_parts() const;
  /// Of the graph (Store::digest).
  std::uint64_t digest() const { return store_.digest(); }

  const Branch& branch() const { return branch_; }
  const Setup& setup() const { return setup_; }
  const ScriptedTruth& truth() const { return truth_; }
  const mds::Store& store() const { return store_; }
  /// Limits of the service (concurrency, batches, queues) may bind in this world.
  bool limits_bind() const { return orders_; }
  /// The work for one document has no say in that for another: no limit may bind, no breaker counts
  /// failures, nothing is answered from a cache, no index rows wait, and rounds neither look at
  /// idle lanes nor delete what is not listed.
  bool documents_apart() const;
  /// Calls may fail so often that a fetch is given up.
  bool gives_up() const {
    return setup_.settings.failures >=
           static_cast<std::size_t>(setup_.service.hydration.retry.attempts);
  }
  /// Edges met so far that are in the graph though they held at no time; over all branches.
  const std::set<world::Edge>& phantoms() const { return checks_.phantoms(); }
  std::uint64_t steps() const { return steps_; }  ///< applied so far, over all branches

  /// From now on each step is recorded; nullptr ends it. REQUIRES: `records` outlives its use.
  void record(std::vector<StepRecord>* records) { records_ = records; }

 private:
  class Lens;

  void bootstrap();
  void act(const Choice& choice);
  void take_off_bus(std::size_t number);
  void deliver(std::size_t number);
  void answer(const Choice& choice);
  void ask(std::size_t question);
  void crash();
  void close();
  void settle();
  void collect();
  void tick() { branch_.now = branch_.now + Duration::milliseconds(1); }
  mds::Response response(const OpenCall& call, std::size_t position) const;

  void add_event_choices(std::vector<Choice>& choices, bool reduced) const;
  void add_call_choices(std::vector<Choice>& choices) const;
  void add_rebalance_choices(std::vector<Choice>& choices) const;
  bool enrichment_due() const {
    return enriches_ && mds::ServiceProbe(branch_.service).enrichment_due();
  }

  const Setup& setup_;
  const ScriptedTruth& truth_;
  mds::ServiceConfig config_;
  bool enriches_;  ///< the scenario's service has enrichment at all
  bool orders_;    ///< its limits may bind in this world
  bool commits_;   ///< what is acknowledged may come again, from where its partition is committed
  mds::Store store_;
  Branch branch_;
  std::vector<Branch> stack_;
  bool quiet_ = false;
  Redelivery redelivery_;
  Checks checks_;
  std::uint64_t steps_ = 0;
  std::vector<StepRecord>* records_ = nullptr;
};

}  // namespace rehearse::explore
