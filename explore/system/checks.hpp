// The properties (property.hpp), checked step by step on what the service reports.
//
// It hears what a step brought (notices, transactions, acknowledgements), writes into the branch
// what later steps need to know of it, and looks at the whole where a property is about that.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "explore/search/implied.hpp"
#include "explore/system/branch.hpp"
#include "explore/system/property.hpp"
#include "explore/system/scripted_truth.hpp"
#include "explore/system/setup.hpp"
#include "mds/store/store.hpp"

namespace rehearse::explore {

class Checks {
 public:
  /// REQUIRES: all outlive this.
  Checks(const Setup& setup, const ScriptedTruth& truth, const mds::Store& store);

  void begin_step();

  // ---- what the step brought ----
  /// Adds the number of an event that became a dead letter.
  void take_notice(const mds::Notice& notice, Branch& branch, std::set<std::uint64_t>& dead);
  void take_report(const mds::TxReport& report, Branch& branch);
  /// False for an event that no longer waits to be acknowledged, which violates.
  bool take_ack(mds::EventId event, Branch& branch, const std::set<std::uint64_t>& dead);

  /// The properties of the whole. `quiet`: no event is under way; `complete`: the schedule is at
  /// its end.
  void end_step(const Branch& branch, bool quiet, bool complete);

  const std::vector<Violation>& violations() const { return violations_; }  ///< of this step
  /// Edges met so far that are in the graph though they held at no time; over all branches.
  const std::set<world::Edge>& phantoms() const { return phantoms_; }

 private:
  void check_document(const mds::DocumentChange& change, Branch& branch);
  void check_enriched(const Branch& branch);
  void check_quiet(const Branch& branch);
  void check_stubs(const Branch& branch);
  void check_answers(const Branch& branch);
  void check_end(const Branch& branch);
  void violate(Property property, std::string what);
  std::vector<world::Edge> edges_in_graph(const Branch& branch) const;
  std::uint32_t number_of(const mds::EdgeChange& edge);

  const Setup& setup_;
  const ScriptedTruth& truth_;
  const mds::Store& store_;
  bool enriches_;  ///< the scenario's service has enrichment at all
  std::vector<Violation> violations_;
  bool enriched_ = false;  ///< in this step, and nothing was stored since
  Implied implied_;
  std::vector<world::Edge> edge_names_;
  std::map<world::Edge, std::uint32_t> edge_numbers_;
  std::set<world::Edge> phantoms_;
};

}  // namespace rehearse::explore
