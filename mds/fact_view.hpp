// Reading entities as the store has them now, or as it had them after any past transaction.
//
// Now is the current view, one row an entity. The past is the fold of the entity's changes up to
// that transaction; both give the same form. A view is a small value; it reads on demand and sees
// what is written after it was made only if it looks at the present.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mds/datom_log.hpp"
#include "mds/entity_table.hpp"

namespace rehearse::mds {

struct StoreCore;

/// An entity with its facts taken apart. The facts point into this object, so it stays where it is.
struct EntityState {
  EntityState() = default;
  EntityState(const EntityState&) = delete;
  EntityState& operator=(const EntityState&) = delete;

  EntityRow row;  ///< type, root, life and changed hold; the packed bytes only in the present
  std::vector<PackedFact> facts;
  std::vector<PackedFact> edges;  ///< derived ones
  std::string buffer;             ///< of a past state
};

class FactView {
 public:
  /// REQUIRES: `core` outlives this.
  FactView(const StoreCore& core, std::int64_t until) : core_(&core), until_(until) {}

  bool is_current() const { return until_ == kLatest; }
  std::int64_t until() const { return until_; }
  const StoreCore& core() const { return *core_; }

  /// REQUIRES: an entity of that number.
  void load(EntityId id, EntityState& state) const;
  bool is_live(EntityId id) const;

  std::vector<EntityId> sources(EntityId target, Symbol attribute) const;
  std::vector<BackEdge> back(EntityId target) const;

  std::optional<Time> last_verified(EntityId id) const;
  std::optional<Time> last_enriched(EntityId id) const;
  std::int64_t last_enriched_tx(EntityId id) const;  ///< 0: never

 private:
  void load_past(EntityId id, EntityState& state) const;

  const StoreCore* core_;
  std::int64_t until_;
};

/// The first fact of an attribute; nullptr when there is none.
const PackedFact* find_fact(const std::vector<PackedFact>& facts, Symbol attribute);

/// Whether a text is among the values of an attribute (canonical text of any kind of value).
bool has_value(const StoreCore& core, const std::vector<PackedFact>& facts, Symbol attribute,
               std::string_view text);

/// canonical_text of a packed value.
std::string text_of(const StoreCore& core, const PackedFact& fact);

}  // namespace rehearse::mds
