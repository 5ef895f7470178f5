// The work that a write leaves for enrichment, as four first-in-first-out queues of entities in the
// store itself, so that a restart or a rollback finds exactly what is left.
//
//   touched   something a rule looks at changed here; its rules' starts are still to be found
//   marked    the derived edges of this entity are to be recomputed
//   renamed   entities that carry this one's name in their index rows are still to be found
//   outdated  the index row of this entity is to be rewritten
//
// Writes only add to `touched` and `renamed`, whatever the degree of the entity.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>

#include "mds/store/packed_facts.hpp"
#include "mds/store/sqlite.hpp"
#include "mds/store/state_print.hpp"

namespace rehearse::mds {

enum class Work : std::uint8_t { touched, marked, renamed, outdated };
inline constexpr std::size_t kWorkKinds = 4;

class WorkQueue {
 public:
  explicit WorkQueue(sqlite3* db);

  /// Appends unless it is queued already.
  void add(Work kind, EntityId entity);
  std::optional<EntityId> take(Work kind);
  std::size_t size() const { return size_; }
  /// Calls `visit` for all that is queued.
  void visit(const std::function<void(Work, EntityId)>& visit) const;
  /// Every change from now on is reported. REQUIRES: `print` outlives this.
  void observe(StatePrint* print) { print_ = print; }
  /// To be called after the database has been rolled back to when this was the size.
  void restore(std::size_t size) { size_ = size; }

 private:
  struct Queue {
    Statement add, first, remove;
    mutable Statement all;
  };
  std::array<Queue, kWorkKinds> queues_;
  std::size_t size_ = 0;
  StatePrint* print_ = nullptr;
  sqlite3* db_;
};

}  // namespace rehearse::mds
