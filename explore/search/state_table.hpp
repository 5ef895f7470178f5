// The states seen so far, shared by all threads of a search: fingerprint -> number, in the order in
// which they were first seen. A state costs 36 to 72 bytes; whoever bounds memory asks bytes().
#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

#include "explore/search/fingerprint_map.hpp"

namespace rehearse::explore {

using StateNumber = std::uint32_t;
inline constexpr StateNumber kNoState = 0xffffffff;

class StateTable {
 public:
  /// The number of a state; true when it is new.
  std::pair<StateNumber, bool> insert(const Fingerprint& state);
  /// kNoState when it was never inserted.
  StateNumber find(const Fingerprint& state) const;

  std::size_t size() const { return next_.load(std::memory_order_relaxed); }
  std::size_t bytes() const { return numbers_.bytes(); }

 private:
  FingerprintMap<StateNumber> numbers_;
  std::atomic<StateNumber> next_{0};
};

}  // namespace rehearse::explore
