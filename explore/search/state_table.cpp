#include "explore/search/state_table.hpp"

namespace rehearse::explore {
namespace {

// The map keeps no zero; one state in 2^128 is told by another fingerprint, as any two may be that
// happen to share theirs.
Fingerprint kept(const Fingerprint& state) {
  return state == Fingerprint{} ? Fingerprint{1, 1} : state;
}

}  // namespace

std::pair<StateNumber, bool> StateTable::insert(const Fingerprint& state) {
  return numbers_.insert(kept(state),
                         [&] { return next_.fetch_add(1, std::memory_order_relaxed); });
}

StateNumber StateTable::find(const Fingerprint& state) const {
  return numbers_.find(kept(state)).value_or(kNoState);
}

}  // namespace rehearse::explore
