// Writing entities: the difference between what a source says and what is stored, and all that
// hangs on it: the log, the current view, edges read backwards, the document's fingerprint, index
// rows, and the work left for enrichment.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/fact_hash.hpp"
#include "mds/store/fact_difference.hpp"
#include "mds/store/store.hpp"
#include "mds/store/store_core.hpp"
#include "mds/store/tally.hpp"

namespace rehearse::mds {

/// The transaction that is being written.
struct OpenTx {
  std::int64_t id = 0;
  std::int64_t datoms = 0;
  bool touched = false;  ///< anything at all was written
  TxReport report;
};

class EntityWriter {
 public:
  /// REQUIRES: the arguments outlive this.
  EntityWriter(StoreCore& core, Tally& tally, OpenTx& tx);

  /// Stores a document; true when any fact changed.
  bool put(const Document& document, Time verified);
  /// Makes a document a tombstone; true when it was live.
  bool remove(std::string_view uri, Time verified);
  /// Recomputes an entity's derived edges; adds the entities whose index rows that changes.
  void derive_edges(EntityId id, bool retract, std::set<EntityId>& outdated);
  /// Rewrites the index row of a live entity.
  void reindex(EntityId id);

 private:
  /// What the datoms of one entity change beside its row.
  struct Effects {
    bool touched = false;
    bool indexed = false;
  };

  void encode(const EntityFacts& facts, std::string_view before, std::string& packed);
  Effects apply_datoms(const EntityRow& row, std::uint64_t& sum);
  void apply_reference(const EntityRow& row, const PackedFact& fact, bool added, Effects& effects);
  std::uint64_t hash(const FactHasher& entity, const PackedFact& fact) const;
  bool write_part(const EntityFacts& facts, EntityId id, EntityId root, std::uint64_t& sum);
  void write_row(EntityRow& row, Symbol type, std::string& after, std::optional<Time> verified,
                 std::uint64_t& sum);
  void log_change(EntityId id, Life life, std::optional<Time> verified);
  void rename(const EntityRow& row, bool was_live);
  void update_index(const EntityRow& row, bool was_live);
  void remove_from_index(const EntityRow& row);
  void retire(EntityRow& row, std::optional<Time> verified, std::uint64_t& sum);
  std::vector<EntityId> number_parts(const Document& document, EntityId root);
  static std::vector<EntityId> parts_of(const EntityRow& root);
  void write_edges(const EntityRow& row, std::size_t first, std::set<EntityId>& ends);
  void report(const EntityRow& root, std::string_view uri);
  std::int64_t version(std::string_view facts) const;

  StoreCore& core_;
  Tally& tally_;
  OpenTx& tx_;
  FactDifference difference_;  ///< what is about to be written of the entity at hand
  Symbol version_;
  std::string change_;
  EntityRow root_, part_;  ///< of the document at hand
  std::string after_, part_after_;
};

}  // namespace rehearse::mds
