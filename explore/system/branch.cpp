#include "explore/system/branch.hpp"

#include <algorithm>

namespace rehearse::explore {
namespace {

enum Part : std::uint64_t {
  kPosition = 0x200,
  kOnBus,
  kBroughtBack,
  kUnacknowledged,
  kDrops,
  kDuplicates,
  kFailures,
  kCrashes,
  kRounds,
  kClosed,
  kDelivered,
  kGaveUp,
  kAsked,
  kUncommitted,
  kRebalances
};

Fingerprint part(Part kind, std::uint64_t a, std::uint64_t b = 0) {
  return PartHasher(kind).add(a).add(b).value();
}

}  // namespace

std::size_t Branch::position_at(Time at) const {
  const auto after = std::upper_bound(changed_at.begin(), changed_at.end(), at);
  return static_cast<std::size_t>(after - changed_at.begin());
}

Fingerprint fingerprint_of(const Branch& b) {
  Fingerprint sum;
  sum += part(kPosition, b.position);
  for (const std::size_t event : b.on_bus) sum += part(kOnBus, event);
  for (const std::size_t event : b.brought_back) sum += part(kBroughtBack, event);
  for (const Unacknowledged& event : b.unacknowledged) {
    sum += part(kUnacknowledged, event.event, event.arrived);
  }
  sum += part(kDrops, b.drops);
  sum += part(kDuplicates, b.duplicates);
  sum += part(kFailures, b.failures);
  sum += part(kCrashes, b.crashes);
  if (b.rebalances > 0) sum += part(kRebalances, b.rebalances);
  for (const std::size_t event : b.uncommitted) sum += part(kUncommitted, event);
  sum += part(kRounds, b.rounds);
  if (b.closed) sum += part(kClosed, 1);
  for (DocumentIndex d = 0; d < b.delivered.size(); ++d) {
    if (b.delivered[d]) sum += part(kDelivered, d);
    if (b.gave_up[d]) sum += part(kGaveUp, d);
  }
  for (std::size_t i = 0; i < b.asked.size(); ++i) {
    if (b.asked[i]) sum += part(kAsked, i);
  }
  return sum;
}

}  // namespace rehearse::explore
