// The index rows that are still to be written, of a store whose search index follows its facts.
//
//   index_due(tx, entity)   transaction `tx` changed the row of this entity
//
// In the store itself, so that a restart or a rollback finds exactly what is left. A row is written
// from the entity as it is when its turn comes, so it may show more than the transaction that asked
// for it, and the index never goes back.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mds/store/packed_facts.hpp"
#include "mds/store/sqlite.hpp"

namespace rehearse::mds {

struct StoreCore;

class IndexBacklog {
 public:
  /// REQUIRES: `core` outlives this, and has an index.
  explicit IndexBacklog(const StoreCore& core);

  void add(std::int64_t tx, EntityId entity);
  /// Adds every live entity.
  void add_all(std::int64_t tx);
  bool waits(EntityId entity) const;
  std::int64_t size() const { return size_; }
  /// The newest transaction that rows wait for; 0: none.
  std::int64_t newest() const;

  /// Entities whose rows transactions up to `until` left to be written, ascending.
  std::vector<EntityId> waiting(std::int64_t until) const;

  /// Takes `limit` rows of transactions up to `until`, the oldest first, without writing them.
  std::vector<EntityId> take(std::int64_t until, std::size_t limit);
  /// Makes an entity's index rows what the entity is now.
  void write(EntityId entity);
  /// Empties the index itself; the URIs of what was deleted and is no longer found.
  std::vector<std::string> clear_index();

  /// To be called after the database has been rolled back to when this was the size.
  void restore(std::int64_t size) { size_ = size; }

 private:
  const StoreCore& core_;
  std::int64_t size_ = 0;
  mutable Statement add_, add_all_, waits_, waiting_, newest_, first_, remove_, indexed_;
};

}  // namespace rehearse::mds
