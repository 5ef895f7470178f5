#include "mds/reconciliation.hpp"

#include <algorithm>

namespace rehearse::mds {

Time ReconciliationState::due(const RoundLane& lane, std::size_t rank) const {
  const Int128 share = static_cast<Int128>(spread.ns) * static_cast<Int128>(rank) /
                       static_cast<Int128>(lane.order.size());
  return start + Duration{static_cast<std::int64_t>(share)};
}

Time ReconciliationState::next_due() const {
  Time when = found.empty() ? Time::never() : found.begin()->first;
  for (const RoundLane& lane : lanes) {
    if (!lane.done()) when = std::min(when, due(lane, lane.next));
  }
  return when;
}

bool ReconciliationState::all_queued() const {
  return found.empty() &&
         std::all_of(lanes.begin(), lanes.end(), [](const RoundLane& lane) { return lane.done(); });
}

}  // namespace rehearse::mds
