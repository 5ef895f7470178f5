// The floor under the calendar: SimGrid's kernel timers alone, one for each event of the run, set,
// cancelled and fired in the run's order and at its dates, so that as many are pending as there
// were in the run. What the events do is left out.
#pragma once

#include <cstdint>

#include "tape.hpp"

namespace rehearse::bench {

/// Notes on `tape` every event that is scheduled, cancelled and executed from now on; nullptr ends
/// it and flushes the tape.
void record_calendar(Tape* tape);

struct CalendarReplay {
  double seconds = 0;  ///< of processor time, without the engine's set-up
  std::uint64_t executed = 0;
  std::uint64_t cancelled = 0;
  std::uint64_t most_pending = 0;
};

/// Plays a tape on kernel timers, or on the simulation's own calendar with events that do nothing
/// but schedule and cancel. Throws std::runtime_error when not all events of the tape came to pass.
/// REQUIRES: this process had no engine.
CalendarReplay replay_on_timers(TapeReader& tape);
CalendarReplay replay_on_calendar(TapeReader& tape);

}  // namespace rehearse::bench
