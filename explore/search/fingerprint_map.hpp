// A map from fingerprints to small values, shared by all threads of a search.
//
// Open addressing with linear probing in shards, each with its own lock, so that threads rarely
// meet. Fingerprints are hashes already: their bits are the place. A key that is zero in both
// halves marks a free place and is the one that is never kept; whoever cannot do without a key
// keeps it apart.
//
// Invariant: what is found is what was put there first.
#pragma once

#include <array>
#include <atomic>
#include <cassert>
#include <cstddef>
#include <limits>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "base/fingerprint.hpp"

namespace rehearse::explore {

template <class Value>
class FingerprintMap {
 public:
  /// Forgets a part of what it holds rather than become larger than `most_bytes`.
  explicit FingerprintMap(std::size_t most_bytes = std::numeric_limits<std::size_t>::max())
      : most_places_(most_bytes / kShards / sizeof(Place)) {}

  std::optional<Value> find(const Fingerprint& key) const {
    const Shard& shard = shards_[shard_of(key)];
    const std::lock_guard lock(shard.mutex);
    if (shard.places.empty()) return std::nullopt;
    const Place& place = shard.places[place_of(shard.places, key)];
    if (is_free(place)) return std::nullopt;
    return place.value;
  }

  /// The value of a key, made by `make()` when it is new (then true). REQUIRES: a key that is not
  /// zero, unless it does not matter that it is forgotten.
  template <class Make>
  std::pair<Value, bool> insert(const Fingerprint& key, const Make& make) {
    Shard& shard = shards_[shard_of(key)];
    const std::lock_guard lock(shard.mutex);
    if (3 * (shard.used + 1) > 2 * shard.places.size()) make_room(shard);
    assert(shard.used < shard.places.size());  // so a search ends
    Place& place = shard.places[place_of(shard.places, key)];
    if (!is_free(place)) return {place.value, false};
    place = {key, make()};
    ++shard.used;
    return {place.value, true};
  }

  std::size_t bytes() const { return bytes_.load(std::memory_order_relaxed); }

 private:
  struct Place {
    Fingerprint key;
    Value value{};
  };
  struct alignas(64) Shard {
    mutable std::mutex mutex;
    std::vector<Place> places;  // their number is a power of two
    std::size_t used = 0;
  };
  static constexpr std::size_t kShards = 64;
  static constexpr std::size_t kFirstPlaces = 16;

  static bool is_free(const Place& place) { return place.key == Fingerprint{}; }
  static std::size_t shard_of(const Fingerprint& key) { return key.high % kShards; }
  static std::size_t place_of(const std::vector<Place>& places, const Fingerprint& key) {
    const std::size_t mask = places.size() - 1;
    std::size_t at = key.low & mask;
    while (!is_free(places[at]) && places[at].key != key) at = (at + 1) & mask;
    return at;
  }

  void make_room(Shard& shard) {
    const std::size_t size = shard.places.empty() ? kFirstPlaces : 2 * shard.places.size();
    if (size > kFirstPlaces && size > most_places_) {
      shard.places.assign(shard.places.size(), {});
      shard.used = 0;
      return;
    }
    std::vector<Place> larger(size);
    for (const Place& place : shard.places) {
      if (!is_free(place)) larger[place_of(larger, place.key)] = place;
    }
    bytes_ += (size - shard.places.size()) * sizeof(Place);
    shard.places.swap(larger);
  }

  std::size_t most_places_;  // of a shard
  std::array<Shard, kShards> shards_;
  std::atomic<std::size_t> bytes_{0};
};

}  // namespace rehearse::explore
