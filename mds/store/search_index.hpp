// Writing the search index: two FTS5 tables whose rows carry entity numbers.
//
//   entity_index(name, description, type, owners, related, tags)   every live entity
//   owner_index(name, handle, groups)                              those who can own: users,
//   teams...
//
// `related` holds the names of what the entity refers to and of the other ends of its derived
// edges, `kRelatedNames` at most. A name that is not known yet is the id at the end of the URI.
// Rows are rewritten only when a text in them may have changed; a version does not touch them. Who
// carries the name of a renamed entity is rewritten by enrichment, in batches.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "mds/store/entity_table.hpp"
#include "mds/store/sqlite.hpp"

namespace rehearse::mds {

struct StoreCore;

/// More related names than this say nothing more about an entity.
inline constexpr std::size_t kRelatedNames = 64;

/// The id at the end of an AIP URI, percent-decoded.
std::string resource_id(std::string_view uri);

class SearchIndex {
 public:
  explicit SearchIndex(const StoreCore& core);

  /// Writes the rows of a live entity. `indexed`: it has rows already.
  void write(const EntityRow& row, bool indexed);
  void remove(const EntityRow& row);

  /// The entity's name as others index it.
  const std::string& name(EntityId id);
  /// The name an entity with these packed facts has.
  std::string name_in(EntityId id, std::string_view facts) const;
  void set_name(EntityId id, std::string name) { names_[id] = std::move(name); }
  /// Forgets remembered names, after the database has been rolled back.
  void forget() { names_.clear(); }

  /// A change of this attribute changes the entity's row. References always do.
  bool is_indexed(Symbol attribute) const;

  struct Texts {
    std::string name, description, owners, related, tags;
  };
  /// What the rows of a live entity hold.
  void gather(const EntityRow& row, Texts& texts);

 private:
  void add_related(EntityId target, Texts& texts, std::size_t& count);
  void write_owner(const EntityRow& row, const Texts& texts, bool indexed);

  const StoreCore& core_;
  Symbol name_, description_, tags_, owners_;
  std::unordered_map<EntityId, std::string> names_;
  Texts texts_;
  Statement insert_, update_, remove_;
  Statement insert_owner_, update_owner_, remove_owner_;
};

}  // namespace rehearse::mds
