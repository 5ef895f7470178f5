// One step of a schedule: what happens next, of all that could.
//
// A choice is named by what stays the same when other steps are left out, so that a schedule with
// some steps removed can be run again: an event by the number of the change that it announces, a
// call by its source and path and its place among the calls of that path that are out. Choices are
// ordered: in the order in which an undisturbed system would take them, faults last.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/config.hpp"

namespace rehearse::explore {

enum class Action : std::uint8_t {
  deliver,     ///< an event arrives at the service
  answer,      ///< a call is answered with the state of its source now
  enrich,      ///< an enrichment tick
  index,       ///< a search index that follows the facts takes all rows that wait for it
  change,      ///< the next change of the script happens; its event is on the bus
  wake,        ///< the clock moves to the next wake-up, nothing else being possible
  close,       ///< events are quiet: a full round of reconciliation, undisturbed, ends the schedule
  answer_old,  ///< a call is answered with the state of its source when the call was made
  reconcile,   ///< a round of reconciliation begins while other things are under way
  ask,         ///< a question of the scenario is asked, and the answer kept for later ones
  duplicate,   ///< an event arrives and stays on the bus, to arrive once more
  drop,        ///< an event is lost
  fail,        ///< a call fails
  time_out,    ///< a call is not answered in time
  crash,       ///< the service loses its memory and starts again; unacknowledged events come again
  rebalance    ///< the same events of a kafka bus come again, to a service that forgot nothing
};

struct Choice {
  Action action = Action::deliver;
  /// Number of the change, from 1: of change, deliver, duplicate, drop; of the question: of ask.
  std::size_t event = 0;
  std::string source;   ///< of a call; of rebalance: the bus
  std::string path;     ///< of a call
  std::size_t nth = 0;  ///< among the calls of that path that are out, oldest first

  auto operator<=>(const Choice&) const = default;
};

/// "answer-old"; the word that stands for an action in files.
std::string_view name_of(Action action);

/// "deliver 3", "fail model-registry /api/v1/models/m1".
std::string text_of(const Choice& choice);

/// {"do": "deliver", "event": 3}, {"do": "fail", "source": ..., "path": ..., "nth": 1}; no "nth"
/// where it is 0.
std::string json_of(const Choice& choice);
/// Throws InputError.
Choice parse_choice(const config::Node& node);
std::vector<Choice> parse_choices(const config::Node& array);

/// It is about an event, by number.
bool names_event(Action action);

/// A fault spends a budget of the scenario.
bool is_fault(Action action);

}  // namespace rehearse::explore
