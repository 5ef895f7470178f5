// The log: what each transaction said, in rows that are written once and never changed.
//
//   tx(id, at, kind, event, request, datoms)      one row per transaction
//   change(id, tx, datoms)                        what it said about one entity (packed_facts.hpp);
//                                                 one without datoms: verified, nothing new
//   back(target, attribute, source, tx, added)    every reference and derived edge read backwards
//
// The id of a change is entity * 2^32 + its ordinal among all changes: one integer to compare, and
// an entity's changes lie together in the order of time. A read as of transaction T looks at the
// rows up to T; the last row of a (target, attribute, source) says whether that edge stands.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "mds/store/packed_facts.hpp"
#include "mds/store/sqlite.hpp"

namespace rehearse::mds {

inline constexpr std::int64_t kLatest = std::numeric_limits<std::int64_t>::max();

// What the numbers of changes have room for: an entity's begin at 2^32 times its own number, and
// end before the next one's.
inline constexpr std::int64_t kMostChanges = (std::int64_t{1} << 32) - 1;
inline constexpr EntityId kMostEntities = (EntityId{1} << 31) - 2;

struct TxRow {
  std::int64_t id = 0;
  Time at;
  std::int64_t kind = 0;
  std::int64_t event = 0;
  std::int64_t request = 0;
  std::int64_t datoms = 0;
};

/// An edge seen from the entity it points to.
struct BackEdge {
  Symbol attribute = 0;
  EntityId source = 0;
};

class DatomLog {
 public:
  explicit DatomLog(sqlite3* db);

  void write_tx(const TxRow& tx);
  /// `verified` is what the head of `change` says. Throws InputError when the log is full.
  void write_change(EntityId entity, std::int64_t tx, std::string_view change,
                    std::optional<Time> verified);
  void write_back(EntityId target, Symbol attribute, EntityId source, std::int64_t tx, bool added);

  std::int64_t size() const;
  /// To be called after the database has been rolled back to when this was the size.
  void restore(std::int64_t size);

  std::int64_t last_tx() const;  ///< 0 when there is none
  // Both throw DamagedStore for a number that no transaction has.
  TxRow tx(std::int64_t id) const;
  Time time_of(std::int64_t tx) const;
  /// The last transaction at or before `at`; 0 when there is none.
  std::int64_t tx_at(Time at) const;

  /// Calls `visit(tx, change)` for the changes of an entity up to transaction `until`, oldest
  /// first.
  template <typename Visit>
  void changes(EntityId entity, std::int64_t until, const Visit& visit) const {
    const ResetAtEnd guard(changes_);
    bind_range(changes_, entity);
    while (changes_.step() && changes_.integer(0) <= until) {
      visit(changes_.integer(0), changes_.bytes(1));
    }
  }
  /// The transaction that first said something about an entity; 0 when none did.
  std::int64_t first_change_tx(EntityId entity) const;
  /// When the newest answer of all about a document was asked for.
  std::optional<Time> last_verified(EntityId root) const;

  /// Sources of the edges of one attribute, ascending.
  std::vector<EntityId> sources(EntityId target, Symbol attribute, std::int64_t until) const;
  /// All edges that point to `target`, in the order (attribute, source).
  std::vector<BackEdge> back(EntityId target, std::int64_t until) const;
  /// Whether an edge pointed to it at any time up to transaction `until`.
  bool has_back(EntityId target, std::int64_t until = kLatest) const;

 private:
  static void bind_range(Statement& statement, EntityId entity);
  std::optional<Time> read_last_verified(EntityId root) const;

  mutable std::int64_t changes_written_ = -1;  ///< counted when it is first asked for
  /// What last_verified() found or write_change() was told, by entity: eight bytes each in place of
  /// a look-up for every entity in an answer.
  mutable std::vector<std::int64_t> verified_;
  mutable TxRow asked_;  ///< by time_of(); most of an answer was enriched by one transaction
  Statement insert_tx_, insert_change_, insert_back_;
  mutable Statement tx_, changes_, first_change_, changes_down_, sources_, back_, any_back_;
  mutable Statement last_tx_, count_;
};

}  // namespace rehearse::mds
