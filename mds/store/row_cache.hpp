// Rows of the current view as they were last read or written, so that reading one again does not
// ask the database.
//
// Enrichment reads the ends of every path, an index row the names of all it refers to, a put what
// it replaces: the same rows many times over (in the steady scenario, a fifth of the processor time
// went into finding them in SQLite's tree). Every row has one place, its number modulo the number
// of places; a row that comes takes the place of the one before it, and large ones are not kept. So
// the memory is bounded: 32 MiB of places and kLargest bytes for each at worst.
//
// Invariant: a row that is found equals the database's. Whoever writes to the table writes here
// afterwards, and whoever rolls back forgets everything.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/prefetch.hpp"
#include "mds/store/entity_row.hpp"

namespace rehearse::mds {

class RowCache {
 public:
  /// nullptr when it is not here. The row stays where it is until the next keep().
  EntityRow* find(EntityId id) {
    const std::size_t at = place_of(id);
    if (at >= places_.size() || places_[at].epoch != epoch_ || places_[at].row.id != id) {
      return nullptr;
    }
    return &places_[at].row;
  }
  /// The row will soon be asked for.
  void expect(EntityId id) const {
    if (const std::size_t at = place_of(id); at < places_.size()) prefetch(&places_[at]);
  }
  /// Takes over a row, if it is not too large; leaves another of no use in its stead.
  void keep(EntityRow& row);
  void forget(EntityId id);
  void forget_all() { ++epoch_; }

  static bool is_large(const EntityRow& row) {
    return row.facts.size() + row.edges.size() > kLargest;
  }

 private:
  static constexpr std::size_t kPlaces = std::size_t{1} << 18U;
  static constexpr std::size_t kLargest = 4096;
  struct Place {
    std::uint64_t epoch = 0;  ///< in which it was taken; places of older ones are free
    EntityRow row;
  };
  static std::size_t place_of(EntityId id) { return static_cast<std::size_t>(id) & (kPlaces - 1); }

  std::vector<Place> places_;  ///< as many as were ever taken
  std::uint64_t epoch_ = 1;
};

}  // namespace rehearse::mds
