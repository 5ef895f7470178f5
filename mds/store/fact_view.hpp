// Reading entities as the store has them now, or as it had them after any past transaction.
//
// Now is the current view, one row an entity. The past is the fold of the entity's changes up to
// that transaction (past_rows.hpp); both give the same form. A view is a small value; it reads on
// demand and sees what is written after it was made only if it looks at the present. REQUIRES: the
// transaction that a view of the past looks at is not rolled back while the view is in use.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mds/graph/past_rows.hpp"
#include "mds/store/store_core.hpp"

namespace rehearse::mds {

/// An entity with its facts taken apart. The facts point into this object, so it stays where it is.
struct EntityState {
  EntityState() = default;
  EntityState(const EntityState&) = delete;
  EntityState& operator=(const EntityState&) = delete;

  EntityRow row;  ///< its sum holds in the present only
  std::vector<PackedFact> facts;
  std::vector<PackedFact> edges;  ///< derived ones
};

class FactView {
 public:
  /// REQUIRES: `core` outlives this.
  FactView(const StoreCore& core, std::int64_t until);

  bool is_current() const { return until_ == kLatest; }
  std::int64_t until() const { return until_; }
  const StoreCore& core() const { return *core_; }

  /// An entity's row, its facts packed; valid until another is read. REQUIRES: an entity of that
  /// number.
  const EntityRow& peek(EntityId id) const {
    return past_ == nullptr ? core_->entities.peek(id) : past_->row(id).row;
  }
  /// The same with the facts taken apart, to keep.
  void load(EntityId id, EntityState& state) const;
  bool is_live(EntityId id) const { return peek(id).life == Life::live; }
  /// Whether anything was known of the entity at that time, if only by reference.
  bool knows(EntityId id) const;

  std::vector<EntityId> sources(EntityId target, Symbol attribute) const;
  std::vector<BackEdge> back(EntityId target) const;

  std::optional<Time> last_verified(EntityId id) const;
  /// Up to when its derived edges are right; never before its own first facts.
  std::optional<Time> last_enriched(EntityId id) const;
  std::int64_t last_enriched_tx(EntityId id) const;  ///< 0: never

 private:
  const StoreCore* core_;
  std::int64_t until_;
  /// Of a view of the past; shared by copies, because they would fold the same.
  std::shared_ptr<PastRows> past_;
};

/// The first fact of an attribute; nullptr when there is none.
const PackedFact* find_fact(const std::vector<PackedFact>& facts, Symbol attribute);

/// Whether a text is among the values of an attribute (canonical text of any kind of value).
bool has_value(const StoreCore& core, const std::vector<PackedFact>& facts, Symbol attribute,
               std::string_view text);

/// canonical_text of a packed value.
std::string text_of(const StoreCore& core, const PackedFact& fact);

}  // namespace rehearse::mds
