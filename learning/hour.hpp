// The hours of a run, numbered from 0 at its start. Hours before 0 exist: the first version of a
// model is trained on them.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>

#include "base/time.hpp"

namespace rehearse::learning {

struct Hour {
  std::int64_t number = 0;

  /// The hour that holds an instant.
  static constexpr Hour of(Time time) {
    const std::int64_t length = Duration::hours(1).ns;
    const std::int64_t whole = time.ns / length;
    return {time.ns % length < 0 ? whole - 1 : whole};
  }
  constexpr Time start() const { return Time{} + Duration::hours(number); }
  constexpr Hour next() const { return {number + 1}; }
  constexpr auto operator<=>(const Hour&) const = default;
};

/// The middle of the part `index` of `parts` equal ones of a span of time. REQUIRES: index < parts.
inline Time middle_of_part(Time begin, Duration span, std::size_t index, std::size_t parts) {
  const Int128 halves = 2 * static_cast<Int128>(index) + 1, whole = 2 * static_cast<Int128>(parts);
  return begin + Duration{static_cast<std::int64_t>(span.ns * halves / whole)};
}

}  // namespace rehearse::learning
