// The calendar of a simulation: what happens when.
//
// Order is (time, insertion), so equal dates run first come first served. Two implementations: one
// on SimGrid's engine (SimGridCalendar), which lives beside links and hosts that share bandwidth,
// and a plain heap (HeapCalendar) for tests, which runs the same models without an engine.
#pragma once

#include <cstdint>
#include <functional>

#include "base/time.hpp"

namespace rehearse::sim {

class Calendar {
 public:
  /// Names a pending event; a default one names none.
  struct Handle {
    std::uint32_t slot = 0;
    std::uint64_t sequence = 0;
  };

  virtual ~Calendar() = default;

  virtual Time now() const = 0;
  /// Runs `action` at `when`; a past date means now, after everything already due.
  virtual Handle at(Time when, std::function<void()> action) = 0;
  /// No effect when the event has run or was cancelled.
  virtual void cancel(Handle handle) = 0;
  /// Runs until nothing is pending or `end` has passed; events at `end` itself run. The clock then
  /// stands at `end`. An exception from an action ends the run and is thrown here.
  virtual void run_until(Time end) = 0;
  /// Events that had the date of the event before them (ordered by insertion).
  virtual std::uint64_t ties() const = 0;
  virtual std::uint64_t executed() const = 0;

  Handle after(Duration delay, std::function<void()> action) {
    return at(now() + delay, std::move(action));
  }
};

}  // namespace rehearse::sim
