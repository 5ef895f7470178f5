// The fact store: an immutable log of datoms on SQLite, the current view of it, and the search
// index that is written in the same transaction.
//
// Model (after Datomic): a datom says that entity e has (added) or has no longer (retracted) value
// v of attribute a since transaction tx. Datoms are never changed or removed. A transaction has a
// time and a cause. References are datoms whose value is an entity; an entity that is only referred
// to exists as a stub. Derived edges are datoms too, with their provenance beside them: the rule
// and the path they rest on.
//
// In memory the rows live in one outer SQL transaction with a savepoint per transaction of the
// store: a COMMIT each costs three times as much. A file is committed every `commit_every`
// transactions; what a crash loses is the transactions since, whole. Who promises anything on the
// ground of a transaction (an acknowledgement) waits until durable() has reached it.
//
// After an InputError while writing (a full disk) the store refuses further writing; the file holds
// the last commit.
//
// Invariants: (1) the current view equals the fold of the log; (2) the index agrees with the
// current view at the end of every transaction (one that follows, when no row is left to write);
// (3) a transaction is visible whole or not at all; (4) only what changed is written; (5) the same
// calls give the same bytes.
//
// Threading: none; one owner. A Store is not copyable: it is the service's only state outside the
// Service value, and savepoints stand in for copies.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fingerprint.hpp"
#include "base/time.hpp"
#include "mds/contract/event.hpp"
#include "mds/contract/facts.hpp"
#include "mds/store/schema.hpp"

namespace rehearse::mds {

struct StoreOptions {
  std::string path;         ///< a file, or empty for a store in memory
  bool index = true;        ///< keep the search index
  int commit_every = 1000;  ///< transactions per COMMIT of a file-backed store
  /// The service commits a file when an acknowledgement has waited this long for a COMMIT: long
  /// enough to share the cost among many, short beside the redelivery time of a bus.
  Duration commit_within = Duration::milliseconds(100);
  bool fingerprint = false;  ///< keep Store::fingerprint() up to date, for exploration
  /// Index rows are written by write_index(), not with the facts.
  bool index_after = false;
};

enum class CauseKind : std::uint8_t { bootstrap, event, enrichment, reconciliation, index };

/// Why a transaction was made.
struct Cause {
  CauseKind kind = CauseKind::bootstrap;
  EventId event;      ///< the newest event answered, for CauseKind::event
  RequestId request;  ///< the call whose answer is stored; 0 when there was none
};

/// Known only by reference; hydrated from its source; hydrated and enriched since; gone at the
/// source.
enum class LifeCycle : std::uint8_t { referenced, hydrated, enriched, deleted };

/// What the graph says about a document after a transaction that touched it.
struct DocumentChange {
  std::string uri;  ///< of the root
  std::string type;
  bool live = false;  ///< hydrated and not deleted
  std::int64_t version = 0;
  std::uint64_t facts = 0;   ///< sum of fact_hash over root and parts, without derived edges
  bool index_waits = false;  ///< its index row is still to be written
};

/// A derived edge that appeared or went.
struct EdgeChange {
  std::string from;
  std::string relation;
  std::string to;
  bool added = true;
};

/// What one transaction did, for whoever measures or traces. Nothing in the service reads it.
struct TxReport {
  std::uint64_t tx = 0;
  Time at;
  Cause cause;
  std::size_t datoms = 0;
  std::vector<DocumentChange> documents;
  std::vector<EdgeChange> edges;
  std::vector<std::string> indexed;     ///< URIs whose index rows were rewritten
  std::vector<std::string> index_lost;  ///< URIs whose index rows will not be written
};

/// A row of the work list of enrichment: an entity known by reference only.
struct Stub {
  std::string uri;
  std::string type;
  std::uint64_t number = 0;  ///< of the entity in this store; grows with the first reference to it
};

/// What a step of enrichment did.
struct EnrichResult {
  std::size_t entities = 0;  ///< taken off the work list
  std::size_t edges_added = 0;
  std::size_t edges_retracted = 0;
};

struct DeadLetter {
  EventId event;
  SourceIndex source;
  Time at;
  std::string reason;
  std::string body;
};

/// Sizes for the metrics store.*.
struct StoreCounts {
  std::uint64_t datoms = 0;
  std::uint64_t entities = 0;  ///< live ones: hydrated or enriched, parts included
  std::uint64_t edges = 0;     ///< live derived edges
  std::uint64_t transactions = 0;
  std::uint64_t dead_letters = 0;
};

struct StoreCore;

class Store {
 public:
  /// Opens or creates a store with a schema. Throws InputError when the file is not a store, has
  /// another schema, or cannot be written.
  Store(const StoreOptions& options, const Schema& schema);
  /// Opens an existing store for reading, with the schema it remembers. Throws InputError.
  explicit Store(const std::string& path);
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  /// The document of that URI will soon be put: a hint (base/prefetch.hpp).
  void expect(std::string_view uri) const;

  // ---- writing; between begin() and commit() or rollback() ----
  /// Starts a transaction. REQUIRES: none is open; `at` is not before the last transaction's.
  void begin(Time at, const Cause& cause);
  void commit();
  void rollback();

  /// Stores a document as the source gave it in answer to a call sent at `verified`: asserts and
  /// retracts the difference to the current view, creates stubs for unknown references, tombstones
  /// parts that are gone, re-indexes what changed, marks the derived edges that may be affected.
  /// True when any fact changed.
  bool put(const Document& document, Time verified);

  /// The source says that the entity does not exist: retracts its facts and its parts', keeps the
  /// history. An entity known by reference only is a tombstone from then on, and no stub. No effect
  /// on an entity that is unknown, or on a live part, which goes with its document only. True when
  /// it was live.
  bool remove(std::string_view uri, Time verified);

  void dead_letter(const DeadLetter& letter);

  /// Recomputes the derived edges of at most `limit` entities whose rules' facts changed, in the
  /// order in which they were marked, writes the difference with its provenance, retracts what no
  /// longer holds (unless `retract` is false), re-indexes both ends and records last_enriched; then
  /// rewrites index rows that show the name of something renamed. The pass is over when
  /// marked_for_enrichment() is 0. A call with nothing to do is a pass too.
  EnrichResult enrich(std::size_t limit, bool retract = true);

  // ---- an index that follows the facts (StoreOptions::index_after); writing, as above ----
  /// Writes at most `limit` of the index rows that transactions up to `until` left, the oldest
  /// first, from the entities as they are now. How many it wrote.
  std::size_t write_index(std::uint64_t until, std::size_t limit);
  /// Gives up the rows that transactions up to `until` left. How many.
  std::size_t drop_index_rows(std::uint64_t until);
  /// Every live entity is to be indexed again; with `empty`, into an index that holds nothing.
  void reindex(bool empty);

  // ---- reading ----
  /// True for an index that follows; false for any other, which leaves no rows.
  bool index_follows() const;
  /// The newest transaction that left index rows to be written; 0: none.
  std::uint64_t newest_unindexed() const;
  /// URIs of the entities whose rows transactions up to `until` left to be written.
  std::vector<std::string> unindexed(std::uint64_t until) const;
  /// Stubs in the order of their numbers from above `after`, `limit` at most.
  std::vector<Stub> stubs(std::size_t limit, std::uint64_t after = 0) const;
  /// Entities that await enrich(); 0 when the derived edges are what the rules give and no index
  /// row shows an old name.
  std::size_t marked_for_enrichment() const;
  /// URIs of the document roots of a type that are known (stubs included, deleted not), sorted.
  std::vector<std::string> known(std::string_view type) const;
  std::optional<LifeCycle> life_cycle(std::string_view uri) const;
  /// The type under which an entity is known: as its source said, else as the first reference did.
  std::optional<std::string> type(std::string_view uri) const;
  std::optional<Time> last_verified(std::string_view uri) const;
  std::optional<Time> last_enriched(std::string_view uri) const;
  StoreCounts counts() const;
  /// Hash of live entities, their references and derived edges (design: no tombstones, stubs,
  /// versions, times or history). Equal graphs have equal digests whatever led to them.
  std::uint64_t digest() const;

  /// Of all that the store's future depends on (state_print.hpp). REQUIRES: StoreOptions asked for
  /// it, and no transaction is open.
  Fingerprint fingerprint() const;
  /// The part of it that is about one entity; {} for one that was never heard of.
  Fingerprint entity_fingerprint(std::string_view uri) const;

  /// The reports of the transactions committed since the last call.
  std::vector<TxReport> take_reports();

  // ---- branching and copying ----
  /// Nested savepoints over whole transactions. One costs nothing until a transaction begins.
  /// REQUIRES: no transaction is open.
  void savepoint();
  void rollback_to_savepoint();  ///< undoes everything since the innermost savepoint and drops it
  void release_savepoint();

  /// The number of the last transaction that outlives the end of the process (file stores), or the
  /// last one of all (in memory, where nothing does and nobody waits).
  std::uint64_t durable() const;
  /// Makes everything committed so far durable (file stores).
  /// REQUIRES: no transaction and no savepoint is open.
  void flush();
  /// Writes a compact copy of the store to a file that must not exist; equal stores give equal
  /// bytes. REQUIRES: no transaction and no savepoint is open. Throws InputError.
  void copy_to(const std::string& path) const;

  /// The tables themselves, for the room's own readers (fact_view.hpp).
  const StoreCore& core() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace rehearse::mds
