// Events that are done with: acknowledged as soon as what they led to is durable, which outlives
// the service then.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "mds/hydration/jobs.hpp"
#include "mds/store/store.hpp"

namespace rehearse::mds {

class Acknowledgements {
 public:
  /// All that the events led to has been written to `store`, which must be durable at `due`.
  void add(const std::vector<PendingEvent>& events, const Store& store, Time due);
  /// Makes what is due durable.
  void flush_due(Store& store, Time now);
  /// The events acknowledged since the last call.
  std::vector<EventId> take(const Store& store) {
    release(store);
    return std::exchange(untaken_, {});
  }
  /// Events that wait for the store.
  std::size_t waiting() const { return waiting_.size(); }
  /// When the one that has waited longest must be durable; Time::never() when none waits.
  Time due() const { return due_; }

 private:
  /// Takes note of what the store has made durable.
  void release(const Store& store);

  struct Waiting {
    EventId event;
    std::uint64_t transaction = 0;  ///< that must be durable first
  };
  std::deque<Waiting> waiting_;
  Time due_ = Time::never();
  std::vector<EventId> untaken_;
};

}  // namespace rehearse::mds
