// What the store keeps of one entity in its current view, beside the URI: a row of the table
// `entity`, with its facts and derived edges packed (packed_facts.hpp).
//
// Invariant: the row equals the fold of the entity's changes in the log (datom_log.hpp).
#pragma once

#include <cstdint>
#include <string>

#include "mds/store/packed_facts.hpp"

namespace rehearse::mds {

/// What the row says; "enriched" is told from the log (fact_view.hpp).
enum class Life : std::uint8_t { referenced, live, deleted };

struct EntityRow {
  EntityId id = 0;
  Symbol type = 0;
  EntityId root = 0;  ///< of its document; itself for a root or an entity known by reference
  Life life = Life::referenced;
  std::int64_t changed = 0;  ///< transaction that last changed its own facts
  std::uint64_t sum = 0;     ///< of a root: of the fact hashes of its document
  std::string facts;         ///< packed
  std::string edges;         ///< derived edges, packed
};

}  // namespace rehearse::mds
