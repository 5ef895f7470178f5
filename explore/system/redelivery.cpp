#include "explore/system/redelivery.hpp"

#include <algorithm>
#include <vector>

namespace rehearse::explore {
namespace {

// What is on the bus once more cannot be lost any more.
void bring_back(std::size_t event, Branch& branch) {
  const auto insert = [&](std::vector<std::size_t>& sorted) {
    sorted.insert(std::upper_bound(sorted.begin(), sorted.end(), event), event);
  };
  insert(branch.on_bus);
  if (!std::binary_search(branch.brought_back.begin(), branch.brought_back.end(), event)) {
    insert(branch.brought_back);
  }
}

}  // namespace

bool Redelivery::waits(std::size_t event, const Branch& branch) const {
  const LaneIndex lane = truth_.lane(event);
  if (lane == kNoLane) return false;
  const std::vector<std::size_t>& bus = branch.on_bus;
  return std::any_of(bus.begin(), bus.end(), [&](std::size_t other) {
    return other < event && truth_.lane(other) == lane;
  });
}

bool Redelivery::repeats(const BusPromise& bus, const Branch& branch) const {
  const auto there = [&](std::size_t event) { return on_named_bus(event, bus.name); };
  return bus.partitions > 0 &&
         (std::any_of(branch.uncommitted.begin(), branch.uncommitted.end(), there) ||
          std::any_of(branch.unacknowledged.begin(), branch.unacknowledged.end(),
                      [&](const Unacknowledged& e) { return there(e.event); }));
}

void Redelivery::after_crash(Branch& branch) const {
  for (const Unacknowledged& event : branch.unacknowledged) bring_back(event.event, branch);
  branch.unacknowledged.clear();
  bring_back_uncommitted(nullptr, branch);
}

void Redelivery::bring_back_uncommitted(const std::string* bus, Branch& branch) const {
  for (const std::size_t event : branch.uncommitted) {
    if (bus != nullptr && !on_named_bus(event, *bus)) continue;
    const auto& there = branch.on_bus;
    if (!std::binary_search(there.begin(), there.end(), event)) bring_back(event, branch);
  }
}

// The service goes on with what it has, so it will acknowledge an event for each time it came.
void Redelivery::rebalance(const std::string& bus, Branch& b) const {
  for (const Unacknowledged& event : b.unacknowledged) {
    if (on_named_bus(event.event, bus)) bring_back(event.event, b);
  }
  bring_back_uncommitted(&bus, b);
}

bool Redelivery::on_named_bus(std::size_t event, const std::string& bus) const {
  const std::size_t source = truth_.announcements()[event - 1].source;
  return truth_.lane(event) != kNoLane && setup_.buses[setup_.bus_of[source]].name == bus;
}

void Redelivery::commit(std::size_t event, Branch& branch) const {
  const LaneIndex lane = truth_.lane(event);
  if (lane == kNoLane) return;
  std::vector<std::size_t>& behind = branch.uncommitted;
  const auto at = std::lower_bound(behind.begin(), behind.end(), event);
  if (at == behind.end() || *at != event) behind.insert(at, event);
  trim(lane, branch);
}

void Redelivery::trim(LaneIndex lane, Branch& b) const {
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
