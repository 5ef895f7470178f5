// The pending events of a calendar, in the order (time, insertion).
//
// Model: a binary heap of small keys (time, sequence, slot) beside a table of slots that hold the
// actions. A cancelled event gives its slot back at once; its key stays until it comes to the top,
// or until such keys are the larger half. The order is total, so when keys are swept does not
// show.
//
// Invariants: sequences are never used twice; slot 0 is never used, so a default Handle names
// nothing; `live_` counts the keys whose slot still carries their sequence.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/time.hpp"
#include "sim/action.hpp"

namespace rehearse::sim {

class EventQueue {
 public:
  /// Names a pending event; a default one names none.
  struct Handle {
    std::uint32_t slot = 0;
    std::uint64_t sequence = 0;
  };

  Handle push(Time when, Action action);
  /// False when the event has run or was cancelled.
  bool cancel(Handle handle);

  bool empty() const { return live_ == 0; }
  std::size_t size() const { return live_; }
  /// Date of the first event; Time::never() when there is none.
  Time head();
  /// Takes the first event out. REQUIRES: not empty.
  Action pop(Time& when);
  /// Drops all events; their handles name nothing from now on.
  void clear();

 private:
  struct Key {
    Time when;
    std::uint64_t sequence;
    std::uint32_t slot;
  };
  struct Slot {
    Action action;
    std::uint64_t sequence = 0;
  };

  static bool later(const Key& a, const Key& b) {
    return a.when != b.when ? a.when > b.when : a.sequence > b.sequence;
  }
  bool dead(const Key& key) const { return slots_[key.slot].sequence != key.sequence; }
  void drop_dead_heads();
  void sweep();

  std::vector<Key> heap_;
  std::vector<Slot> slots_ = std::vector<Slot>(1);
  std::vector<std::uint32_t> spare_;
  std::uint64_t sequence_ = 0;
  std::size_t live_ = 0;
};

}  // namespace rehearse::sim
