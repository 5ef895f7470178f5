// The graph of states that a search has found, for what is asked of it as a whole: how many
// schedules there are, how long, and the shortest way to a violation.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "explore/search/exhaustive.hpp"
#include "explore/search/state_table.hpp"

namespace rehearse::explore {

/// Where a schedule may end: in a complete state, or with a violating step.
struct Ending {
  StateNumber state = 0;
  bool by_step = false;  ///< by one more step, which violates a property
};

class StateGraph {
 public:
  using Step = std::pair<StateNumber, StateNumber>;
  /// The start is state 0. Takes the steps over.
  StateGraph(std::size_t states, std::vector<std::vector<Step>> steps);

  std::size_t steps() const { return targets_.size(); }

  struct Totals {
    ScheduleCount schedules;
    std::size_t longest = 0;
  };
  /// Of all paths from the start to an ending. REQUIRES: every state was entered.
  Totals totals(const std::vector<Ending>& endings) const;

  /// For each state the number of steps to the nearest of `goals`, kFar where none can be reached.
  std::vector<std::uint32_t> distances(const std::vector<StateNumber>& goals) const;
  /// The same from the start.
  std::vector<std::uint32_t> depths() const;

  static constexpr std::uint32_t kFar = 0xffffffff;

 private:
  std::vector<std::uint64_t> first_;  // of a state's steps in targets_
  std::vector<StateNumber> targets_;
};

}  // namespace rehearse::explore
