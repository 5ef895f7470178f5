// The states seen so far, shared by all threads of a search: fingerprint -> number, in the order in
// which they were first seen.
//
// Open addressing in shards, each with its own lock, so that threads rarely meet. A state costs
// about 40 bytes; whoever bounds memory asks bytes().
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

#include "base/fingerprint.hpp"

namespace rehearse::explore {

using StateNumber = std::uint32_t;
inline constexpr StateNumber kNoState = 0xffffffff;

class StateTable {
 public:
  StateTable();

  /// The number of a state; true when it is new.
  std::pair<StateNumber, bool> insert(const Fingerprint& state);
  /// kNoState when it was never inserted.
  StateNumber find(const Fingerprint& state) const;

  std::size_t size() const { return next_.load(std::memory_order_relaxed); }
  std::size_t bytes() const { return bytes_.load(std::memory_order_relaxed); }

 private:
  struct Place {
    Fingerprint state;
    StateNumber number = kNoState;
  };
  struct Shard {
    mutable std::mutex mutex;
    std::vector<Place> places;
    std::size_t used = 0;
  };
  static constexpr std::size_t kShards = 64;
  static std::size_t shard_of(const Fingerprint& state) { return state.high % kShards; }
  static std::size_t place_of(const std::vector<Place>& places, const Fingerprint& state);
  void grow(Shard& shard);

  std::array<Shard, kShards> shards_;
  std::atomic<StateNumber> next_{0};
  std::atomic<std::size_t> bytes_{0};
};

}  // namespace rehearse::explore
