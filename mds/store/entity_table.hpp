// The current view: one row per entity ever heard of, with its type, life and packed facts.
//
// Entities are numbered in the order in which they were first heard of. The numbers of those seen
// by this process are kept in memory beside their URIs; a rollback forgets the ones it undid. Rows
// are written through a cache (row_cache.hpp).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/name_table.hpp"
#include "mds/store/entity_row.hpp"
#include "mds/store/row_cache.hpp"
#include "mds/store/sqlite.hpp"
#include "mds/store/state_print.hpp"

namespace rehearse::mds {

class EntityTable {
 public:
  explicit EntityTable(sqlite3* db);

  EntityId find(std::string_view uri) const;  ///< 0 when never heard of
  /// The number of `uri`; a new one is referenced only, of the given type.
  EntityId intern(std::string_view uri, Symbol type);
  /// The entity will soon be read or written (base/prefetch.hpp).
  void expect(std::string_view uri) const;
  std::string uri(EntityId id) const { return std::string(uri_view(id)); }
  /// The same without a copy; valid until the next entity that this process has not seen.
  std::string_view uri_view(EntityId id) const;
  /// How many entities were ever heard of; also the highest number.
  EntityId size() const { return size_; }

  /// Reads all but the URI. REQUIRES: an entity of that number.
  void load(EntityId id, EntityRow& row) const { row = peek(id); }
  /// The same without a copy; valid until another row is read or written.
  const EntityRow& peek(EntityId id) const;
  void save(const EntityRow& row);        ///< all but edges
  void save_facts(const EntityRow& row);  ///< changed, sum and facts only
  void save_edges(EntityId id, std::string_view edges);

  /// Numbers above `after` of entities known by reference only, ascending, `limit` at most.
  std::vector<EntityId> stubs(EntityId after, std::size_t limit) const;

  /// Forgets all above `size` and every row, after the database has been rolled back.
  void truncate(EntityId size);

  /// Every row written from now on is reported. REQUIRES: `print` outlives this.
  void observe(StatePrint* print) { print_ = print; }

  /// Rows are read from the database again: for those that check it.
  void forget_rows() const { cache_.forget_all(); }

 private:
  EntityId known(std::string_view uri) const;  ///< 0 when this process has not seen it
  void remember(std::string_view uri, EntityId id) const;
  void read(EntityId id, EntityRow& row) const;
  void keep_facts(EntityRow& kept, const EntityRow& row);
  void written(EntityId id) {
    if (print_ != nullptr) print_->touch(id);
  }

  StatePrint* print_ = nullptr;
  EntityId size_ = 0;
  mutable NameTable uris_;  ///< of those seen, with their numbers
  mutable RowCache cache_;
  mutable std::uint32_t expected_ = 0;  ///< by the last expect()
  mutable EntityRow spare_;  ///< to read into; holds a row that is too large for the cache
  mutable Statement find_, uri_, load_, stubs_;
  Statement insert_, save_, save_facts_, save_edges_;
};

}  // namespace rehearse::mds
