// The calendar of a simulation: what happens when.
//
// Order is (time, insertion), so equal dates run first come first served. Two implementations: one
// on SimGrid's engine (SimGridCalendar), which lives beside links that share bandwidth, and a plain
// heap (HeapCalendar) for tests, which runs the same models without an engine.
#pragma once

#include <cstdint>
#include <utility>

#include "base/time.hpp"
#include "sim/event_queue.hpp"

namespace rehearse::sim {

class Links;

class Calendar {
 public:
  using Handle = EventQueue::Handle;

  virtual ~Calendar() = default;

  virtual Time now() const = 0;
  /// Runs `action` at `when`; a past date means now, after everything already due.
  virtual Handle at(Time when, Action action) = 0;
  /// No effect when the event has run or was cancelled.
  virtual void cancel(Handle handle) = 0;
  /// Runs until nothing is pending or `end` has passed; events at `end` itself run. The clock then
  /// stands at `end` (at the last event where `end` is Time::never()). An exception from an action
  /// ends the run and is thrown here; what was pending is dropped. REQUIRES: not called from an
  /// action; `end` is not in the past.
  virtual void run_until(Time end) = 0;
  /// Events that had the date of the event before them (ordered by insertion).
  virtual std::uint64_t ties() const = 0;
  virtual std::uint64_t executed() const = 0;
  /// Links whose bandwidth flows share; nullptr where there are none.
  virtual Links* links() { return nullptr; }

  Handle after(Duration delay, Action action) { return at(now() + delay, std::move(action)); }
};

}  // namespace rehearse::sim
