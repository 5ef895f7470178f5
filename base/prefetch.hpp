// Memory that will soon be used, fetched into the processor's caches while there is other work.
//
// The state of 100,000 entities fits no cache, so the first touch of each table waits for memory;
// a quarter of the time of a change was such waits. Whoever knows what comes next says so with a
// function named expect. A hint only: it may come too early, too late or for nothing, and never
// changes a result.
#pragma once

#include <cstddef>
#include <cstdint>

namespace rehearse {

/// The `size` bytes at `begin`, which need not be valid memory.
inline void prefetch(const void* begin, std::size_t size) {
  constexpr std::size_t kLine = 64;
  const auto first = reinterpret_cast<std::uintptr_t>(begin);
  for (std::uintptr_t line = first / kLine * kLine; line < first + size; line += kLine) {
    // An address that may be of no object is no sum of a pointer and an offset either.
    __builtin_prefetch(reinterpret_cast<const void*>(line));  // NOLINT(performance-no-int-to-ptr)
  }
  // An effect: g++ 12 drops calls of functions that have none, and counts no hint as one.
  asm volatile("" : : "r"(begin));
}

template <class Object>
void prefetch(const Object* object) {
  prefetch(object, sizeof *object);
}

}  // namespace rehearse
