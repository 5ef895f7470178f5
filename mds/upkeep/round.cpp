#include "mds/upkeep/round.hpp"

#include <algorithm>
#include <cassert>

namespace rehearse::mds {

namespace {

Duration share_of(Duration spread, std::size_t rank, std::size_t count) {
  assert(count > 0 && rank <= count);
  const Int128 share =
      static_cast<Int128>(spread.ns) * static_cast<Int128>(rank) / static_cast<Int128>(count);
  return {static_cast<std::int64_t>(share)};
}

}  // namespace

Time ReconciliationState::due(const RoundLane& lane, std::size_t rank) const {
  return start + share_of(spread, rank, lane.order.size());
}

Time ReconciliationState::due_found(const RoundLane& lane, std::size_t rank) const {
  return start + share_of(spread, rank, lane.order.size() + 1);
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

bool ReconciliationState::listing() const {
  return std::any_of(listings.begin(), listings.end(),
                     [](const auto& each) { return each.second.running || each.second.wanted; });
}

}  // namespace rehearse::mds
