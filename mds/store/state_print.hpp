// The fingerprint of a store (base/fingerprint.hpp): what its future depends on, kept up to date
// while it is written to.
//
// Two stores with equal fingerprints behave alike from now on, whatever led to them, up to names
// that nothing outside can tell apart. What enters, and why the rest need not:
//   - of every entity: URI, type, root, life, facts (attributes by name, references by URI) and the
//     ends of its derived edges. Not its number: numbers follow the order of first mention, and all
//     that depends on their order is the order in which equal work is done and which of several
//     paths a derived edge is said to rest on. A path never decides whether an edge stands.
//     Not the transaction that changed it last: that tells "hydrated" from "enriched", which
//     nothing in the service asks.
//   - the work left for enrichment, as a set: a pass takes all of it.
//   - with a search index, the texts that stand in it, and of an entity that is not live whether
//     anybody ever referred to it (which decides whether its new name is work).
// Not times, transactions, dead letters and history: nothing but queries reads them. Where the
// order of verification matters (reconciliation "oldest-first") the service adds it.
//
// Kept like the rows: what a transaction or savepoint undid is undone here too.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/fingerprint.hpp"
#include "mds/store/packed_facts.hpp"

namespace rehearse::mds {

struct StoreCore;

class StatePrint {
 public:
  /// The row of an entity is not what it was.
  void touch(EntityId entity) { touched_.push_back(entity); }
  /// The work left for enrichment is not what it was.
  void touch_work() { work_known_ = false; }
  /// The index rows of an entity now hold texts of this hash; {} when they are gone.
  void set_index(EntityId entity, const Fingerprint& texts);

  /// The fingerprint now.
  Fingerprint value(const StoreCore& core);
  /// What it holds about one entity.
  Fingerprint entity(const StoreCore& core, EntityId entity);

  struct Mark {
    std::size_t undo = 0;
    std::size_t index_undo = 0;
    Fingerprint rows;
  };
  /// `first`: no other mark stands, so that nothing before this one will be undone.
  Mark mark(const StoreCore& core, bool first);
  /// To be called after the database has been rolled back to where the mark was made.
  void restore(const Mark& mark);
  /// Of index texts alone, for a transaction that is undone before anybody asked for the value.
  std::size_t index_mark() const { return index_undo_.size(); }
  void restore_index(std::size_t mark);

 private:
  struct Old {
    EntityId entity = 0;
    Fingerprint print;
  };
  struct Queued {
    EntityId entity = 0;
    Fingerprint print;
  };
  void settle(const StoreCore& core);

  std::vector<Fingerprint> rows_;   // by entity number
  std::vector<Fingerprint> index_;  // of its index rows
  std::vector<EntityId> touched_;   // rows_ is to be brought up to date
  std::vector<Old> undo_, index_undo_;
  Fingerprint sum_;  // of rows_
  Fingerprint work_;
  std::vector<Queued> queued_;  // the summands of work_
  bool work_known_ = false;
};

}  // namespace rehearse::mds
