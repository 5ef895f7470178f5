// In which order the calls come that events wait for.
//
// Calls for events are made first in, first out by each source, or by all where they share a
// budget, and events of one document share a call. So a document's place is that of its event that
// has waited longest, among the documents of its queue. Not counted are calls that no event waits
// for (enrichment's, reconciliation's), and what retries change: a document whose call failed goes
// to the end of the queue.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace rehearse::measure {

/// An event that no call was made for yet.
struct WaitingEvent {
  std::uint16_t queue = 0;
  std::uint32_t document = 0;  ///< as the recorder numbers them
  std::uint64_t place = 0;     ///< rises with every arrival
};

class WaitingOrder {
 public:
  explicit WaitingOrder(std::vector<WaitingEvent> waiting);

  /// How many calls are due before this document's; 0 when no event of it waits.
  std::size_t ahead_of(std::uint32_t document) const;
  /// Documents that wait.
  std::size_t size() const { return ahead_.size(); }

 private:
  std::vector<std::pair<std::uint32_t, std::size_t>> ahead_;  // by document
};

}  // namespace rehearse::measure
