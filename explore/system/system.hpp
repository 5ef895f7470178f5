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
// fingerprints, and violate the same properties (system_fingerprint.cpp says why).
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
#include "explore/search/implied.hpp"
#include "explore/system/choice.hpp"
#include "explore/system/property.hpp"
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

/// A call that is out.
struct OpenCall {
  mds::RequestId id;
  std::size_t source = 0;
  std::string path;
  std::size_t moment = 0;  ///< position since which the source gave the answer that the call found
};

/// An event that was delivered and not acknowledged.
struct Unacknowledged {
  std::size_t event = 0;
  std::size_t arrived = 0;  ///< position since which its document was as it was on arrival
};

/// The copyable part of a branch.
struct Branch {
  Branch(mds::Service service_, const Settings& settings, std::size_t documents,
         std::size_t questions)
      : service(std::move(service_)),
        drops(settings.drops),
        duplicates(settings.duplicates),
        failures(settings.failures),
        crashes(settings.crashes),
        rebalances(settings.rebalances),
        rounds(settings.reconciliation == Reconciliation::any ? 1 : 0),
        copies(documents, 0),
        gave_up(documents, false),
        delivered(documents, false),
        asked(questions, false) {}

  mds::Service service;
  Time now;
  std::size_t position = 0;
  std::vector<Time> changed_at;     ///< by change
  std::vector<std::size_t> on_bus;  ///< numbers of events, sorted; twice for a duplicate
  /// Of those, the events that a crash brought back: the bus keeps what nobody has acknowledged, so
  /// they cannot be lost any more. Sorted.
  std::vector<std::size_t> brought_back;
  std::vector<OpenCall> calls;  ///< in the order in which they were sent
  std::vector<Unacknowledged> unacknowledged;
  /// On a kafka bus: acknowledged, but behind an event of the partition that is not, so that it
  /// comes again with that one. Sorted; kept only where something may bring it back.
  std::vector<std::size_t> uncommitted;
  std::size_t drops, duplicates, failures, crashes, rebalances;  ///< left
  std::size_t rounds;  ///< of reconciliation that may still begin while other things are under way
  bool closed = false;
  bool quiet = false;                ///< when it was pushed
  std::vector<StateIndex> copies;    ///< what the graph holds of each document
  std::vector<std::uint32_t> edges;  ///< derived edges in the graph, by System's numbers, sorted
  std::vector<bool> gave_up;         ///< the fetch for the last delivery about the document
  std::vector<bool> delivered;       ///< the last announcement about the document was
  std::vector<bool> asked;           ///< by question
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
  bool waits_in_partition(std::size_t event) const;
  /// The place in Branch::calls of the call that a choice is about; its size when there is none.
  std::size_t find_call(const Choice& choice) const;

  /// Makes it happen. REQUIRES: it is enabled. Violations are those of this step.
  const std::vector<Violation>& apply(const Choice& choice);
  const std::vector<Violation>& violations() const { return violations_; }

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
  const std::set<world::Edge>& phantoms() const { return phantoms_; }
  std::uint64_t steps() const { return steps_; }  ///< applied so far, over all branches

  /// From now on each step is recorded; nullptr ends it. REQUIRES: `records` outlives its use.
  void record(std::vector<StepRecord>* records) { records_ = records; }

 private:
  class Lens;

  // ---- steps (system.cpp) ----
  void bootstrap();
  void act(const Choice& choice);
  void take_off_bus(std::size_t number);
  void deliver(std::size_t number);
  void answer(const Choice& choice);
  void ask(std::size_t question);
  void crash();
  void bring_back(std::size_t event);
  void bring_back_uncommitted(const std::string* bus);
  void rebalance(const std::string& bus);
  bool on_named_bus(std::size_t event, const std::string& bus) const;
  void commit(std::size_t event);
  void trim_uncommitted(LaneIndex lane);
  void close();
  void settle();
  void collect();
  void tick() { branch_.now = branch_.now + Duration::milliseconds(1); }
  Fingerprint fingerprint_of_branch() const;
  mds::Response response(const OpenCall& call, std::size_t position) const;

  // ---- choices (system_choices.cpp) ----
  void add_event_choices(std::vector<Choice>& choices, bool reduced) const;
  void add_call_choices(std::vector<Choice>& choices) const;
  void add_rebalance_choices(std::vector<Choice>& choices) const;
  bool enrichment_due() const {
    return enriches_ && mds::ServiceProbe(branch_.service).enrichment_due();
  }

  // ---- properties (system_checks.cpp) ----
  void take_report(const mds::TxReport& report);
  void take_ack(mds::EventId event, const std::set<std::uint64_t>& dead);
  void take_notice(const mds::Notice& notice, std::set<std::uint64_t>& dead);
  void check_document(const mds::DocumentChange& change);
  void check_enriched();
  void check_quiet();
  void check_stubs();
  void check_answers();
  void check_end();
  void violate(Property property, std::string what);
  std::size_t position_at(Time at) const;
  std::vector<world::Edge> edges_in_graph() const;
  std::uint32_t number_of(const mds::EdgeChange& edge);

  const Setup& setup_;
  const ScriptedTruth& truth_;
  mds::ServiceConfig config_;
  bool enriches_;  ///< the scenario's service has enrichment at all
  bool orders_;    ///< its limits may bind in this world
  bool commits_;   ///< what is acknowledged may come again, from where its partition is committed
  mds::Store store_;
  Branch branch_;
  std::vector<Branch> stack_;
  std::vector<Violation> violations_;
  bool quiet_ = false;
  bool enriched_ = false;  ///< in this step, and nothing was stored since
  Implied implied_;
  std::vector<world::Edge> edge_names_;
  std::map<world::Edge, std::uint32_t> edge_numbers_;
  std::set<world::Edge> phantoms_;
  std::uint64_t steps_ = 0;
  std::vector<StepRecord>* records_ = nullptr;
};

}  // namespace rehearse::explore
