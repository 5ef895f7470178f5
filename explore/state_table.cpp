#include "explore/state_table.hpp"

namespace rehearse::explore {
namespace {

constexpr std::size_t kFirstPlaces = 1024;  // a power of two, as all sizes

}  // namespace

StateTable::StateTable() {
  for (Shard& shard : shards_) shard.places.resize(kFirstPlaces);
  bytes_ = kShards * kFirstPlaces * sizeof(Place);
}

std::size_t StateTable::place_of(const std::vector<Place>& places, const Fingerprint& state) {
  const std::size_t mask = places.size() - 1;
  std::size_t at = state.low & mask;
  while (places[at].number != kNoState && places[at].state != state) at = (at + 1) & mask;
  return at;
}

std::pair<StateNumber, bool> StateTable::insert(const Fingerprint& state) {
  Shard& shard = shards_[shard_of(state)];
  const std::lock_guard lock(shard.mutex);
  if (3 * shard.used >= 2 * shard.places.size()) grow(shard);
  Place& place = shard.places[place_of(shard.places, state)];
  if (place.number != kNoState) return {place.number, false};
  ++shard.used;
  place = {state, next_.fetch_add(1, std::memory_order_relaxed)};
  return {place.number, true};
}

StateNumber StateTable::find(const Fingerprint& state) const {
  const Shard& shard = shards_[shard_of(state)];
  const std::lock_guard lock(shard.mutex);
  return shard.places[place_of(shard.places, state)].number;
}

void StateTable::grow(Shard& shard) {
  std::vector<Place> larger(2 * shard.places.size());
  for (const Place& place : shard.places) {
    if (place.number != kNoState) larger[place_of(larger, place.state)] = place;
  }
  bytes_ += shard.places.size() * sizeof(Place);
  shard.places.swap(larger);
}

}  // namespace rehearse::explore
