// The fingerprint of a branch: same fingerprint, same future.
//
// The future of a branch is what enabled() says, what apply() does to the service, and which
// properties fail. Member by member of Branch:
//   - service, calls: the service's fingerprint holds the calls that are out, each with the
//     position since which its source gave the answer that the call found. A call read in between
//     finds one of the answers since then, so neither "now" nor "when the call was made" can tell
//     more, and neither can the claims of last_verified, which are compared with these positions.
//   - now, changed_at: serve only to tell at which position something was; that is said by what is
//     above for all calls that are out, and nothing else is asked again (a copy's last_verified is
//     checked in the step that stores it).
//   - position, on_bus, brought_back, uncommitted, budgets, rounds, closed, delivered, gave_up,
//     asked: as they are. Of `delivered` the last announcements alone are kept, since P1 asks for
//     no other.
//   - unacknowledged: the event, and the position since which its document was as on its arrival:
//     the copy that an acknowledgement needs must be of that position or later.
//   - copies, edges: what the transactions said; functions of the rows, which the store's
//     fingerprint holds, as long as no property has failed. (A branch in which one has is not
//     followed any further.)
// The parts are summed, so a step that leaves a part alone leaves its summand alone (effects.hpp).
#include "explore/system/system.hpp"
#include "mds/service/probe.hpp"

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

class System::Lens final : public mds::Outlook {
 public:
  explicit Lens(const System& system) : system_(system) {
    limits_bind = system.orders_;
    gives_up = system.gives_up();
  }
  std::uint64_t moment(mds::SourceIndex source, std::string_view path, Time at) const override {
    return system_.truth_.answer_since(source.value, path, system_.position_at(at));
  }

 private:
  const System& system_;
};

Fingerprint System::fingerprint() const {
  return fingerprint_of_branch() + mds::ServiceProbe(branch_.service).fingerprint(Lens(*this));
}

Fingerprint System::fingerprint(const mds::ServiceParts& parts) const {
  return fingerprint_of_branch() + parts.whole;
}

/// All but the service's.
Fingerprint System::fingerprint_of_branch() const {
  const Branch& b = branch_;
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

mds::ServiceParts System::service_parts() const {
  return mds::ServiceProbe(branch_.service).fingerprint_parts(Lens(*this));
}

}  // namespace rehearse::explore
