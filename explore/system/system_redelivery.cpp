// What comes again: after a crash, and where the consumers of a kafka bus are rebalanced.
//
// A queue repeats each event that was delivered and is not acknowledged. A partition of a kafka bus
// is repeated from its first such event on, the acknowledged ones behind it among them, in order
// (the order is that of add_event_choices). An event counts as acknowledged for good, as on the bus
// of a run (models/transport/bus.hpp).
#include <algorithm>
#include <cassert>

#include "explore/system/system.hpp"

namespace rehearse::explore {

/// What is on the bus once more cannot be lost any more.
void System::bring_back(std::size_t event) {
  const auto insert = [&](std::vector<std::size_t>& sorted) {
    sorted.insert(std::upper_bound(sorted.begin(), sorted.end(), event), event);
  };
  insert(branch_.on_bus);
  if (!std::binary_search(branch_.brought_back.begin(), branch_.brought_back.end(), event)) {
    insert(branch_.brought_back);
  }
}

/// `bus`: of this one alone; nullptr: of all.
void System::bring_back_uncommitted(const std::string* bus) {
  for (const std::size_t event : branch_.uncommitted) {
    if (bus != nullptr && !on_named_bus(event, *bus)) continue;
    const auto& there = branch_.on_bus;
    if (!std::binary_search(there.begin(), there.end(), event)) bring_back(event);
  }
}

// Answers to calls of the service that is gone come to nobody.
void System::crash() {
  Branch& b = branch_;
  assert(b.crashes > 0);
  --b.crashes;
  b.service = mds::Service(config_, store_, b.now, b.service.next_request());
  b.service.set_notices(mds::NoticeLevel::measures);
  b.calls.clear();
  for (const Unacknowledged& event : b.unacknowledged) bring_back(event.event);
  b.unacknowledged.clear();
  bring_back_uncommitted(nullptr);
}

// The service goes on with what it has, so it will acknowledge an event for each time it came.
void System::rebalance(const std::string& bus) {
  Branch& b = branch_;
  assert(b.rebalances > 0);
  --b.rebalances;
  for (const Unacknowledged& event : b.unacknowledged) {
    if (on_named_bus(event.event, bus)) bring_back(event.event);
  }
  bring_back_uncommitted(&bus);
}

bool System::on_named_bus(std::size_t event, const std::string& bus) const {
  const std::size_t source = truth_.announcements()[event - 1].source;
  return truth_.lane(event) != kNoLane && setup_.buses[setup_.bus_of[source]].name == bus;
}

void System::commit(std::size_t event) {
  const LaneIndex lane = truth_.lane(event);
  if (lane == kNoLane) return;
  std::vector<std::size_t>& behind = branch_.uncommitted;
  const auto at = std::lower_bound(behind.begin(), behind.end(), event);
  if (at == behind.end() || *at != event) behind.insert(at, event);
  trim_uncommitted(lane);
}

/// A partition is committed up to its first event that was never acknowledged.
void System::trim_uncommitted(LaneIndex lane) {
  Branch& b = branch_;
  if (lane == kNoLane) return;
  std::size_t first = truth_.announcements().size() + 1;
  const auto open = [&](std::size_t event) {
    const bool was = std::binary_search(b.uncommitted.begin(), b.uncommitted.end(), event);
    if (truth_.lane(event) == lane && !was) first = std::min(first, event);
  };
  for (const std::size_t event : b.on_bus) open(event);
  for (const Unacknowledged& event : b.unacknowledged) open(event.event);
  std::erase_if(b.uncommitted,
                [&](std::size_t event) { return truth_.lane(event) == lane && event < first; });
}

}  // namespace rehearse::explore
