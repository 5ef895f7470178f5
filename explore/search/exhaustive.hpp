// Every schedule of a small world, depth first.
//
// The search runs over states (system.hpp): a state seen before is not entered again, since it has
// the same future. What is counted does not depend on the order of the search, nor on the number of
// threads that share it: the states, the steps between them, the schedules (paths from the start to
// an end, counted over the graph of states) and the graphs that schedules end in. A step that
// violates a property is not followed any further.
//
// What the search takes for granted of the service, beyond reading only what effects.hpp says, is
// what settled.hpp says; small worlds need not take that for granted.
//
// Threads take branches from each other by running their schedule from the start.
//
// Of each property that fails the counterexample is a shortest one, and of those the first in the
// order of choices, so that it too is the same for any number of threads.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "explore/system/system.hpp"

namespace rehearse::explore {

struct ExhaustiveOptions {
  std::size_t jobs = 1;
  double budget_seconds = 0;       ///< 0: none
  std::size_t memory_bytes = 0;    ///< for states and steps; 0: none
  bool prune = true;               ///< do not enter a state twice
  bool reduce = true;              ///< leave out choices that must come to the same
  bool settle = true;              ///< and take settled documents by themselves (settled.hpp)
  std::size_t most_states = 0;     ///< end the search when there are more; 0: none
  bool verify = false;             ///< make every step all the same, and compare (std::logic_error)
  bool stop_at_violation = false;  ///< end the search at the first; counts are then partial
  std::function<void(std::size_t states, std::uint64_t steps)> progress;  ///< now and then
  std::function<bool()> interrupted;  ///< asked now and then; true ends the search
};

/// A number of schedules; beyond 2^127 only that it is more.
struct ScheduleCount {
  Int128 count = 0;
  bool more = false;
  std::string text() const;
};

struct Counterexample {
  std::vector<Choice> schedule;  ///< the last step is the one that violates the property
  Violation violation;
};

struct Exhaustive {
  bool complete = false;  ///< every schedule was explored
  std::string cut;        ///< why not: "the time was up", "the memory was used up",
                          ///< "it was interrupted", "there were too many states"
  bool settled = false;   ///< choices were left out because of settled documents
  std::size_t states = 0;
  std::uint64_t steps = 0;          ///< between states, violating ones included
  std::uint64_t executed = 0;       ///< steps of the service that were really made; depends on jobs
  ScheduleCount schedules;          ///< complete ones, those that end in a violation included
  std::size_t longest = 0;          ///< steps of the longest schedule; 0 when not complete
  std::set<std::uint64_t> digests;  ///< of the graphs in which complete schedules end
  std::map<Property, Counterexample> violations;
  std::map<Property, std::uint64_t> violating_steps;
  std::set<world::Edge> phantoms;
};

Exhaustive explore_all(const Setup& setup, const ScriptedTruth& truth,
                       const ExhaustiveOptions& options);

/// The same, but settled documents are taken by themselves only when there are more than
/// `settle_above` states otherwise, in a second search.
Exhaustive explore_all(const Setup& setup, const ScriptedTruth& truth, ExhaustiveOptions options,
                       std::size_t settle_above);

}  // namespace rehearse::explore
