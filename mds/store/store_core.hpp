// What the parts of the store share: the database and the tables laid over it. Private to the room.
#pragma once

#include <SQLiteCpp/Database.h>

#include <memory>
#include <optional>

#include "mds/store/compiled_schema.hpp"
#include "mds/store/datom_log.hpp"
#include "mds/store/entity_table.hpp"
#include "mds/store/index_backlog.hpp"
#include "mds/store/search_index.hpp"
#include "mds/store/store_schema.hpp"
#include "mds/store/symbols.hpp"
#include "mds/store/work_queue.hpp"

namespace rehearse::mds {

/// When entities were enriched: whole passes, and entities done in a pass that is not at its end.
class PassLog {
 public:
  explicit PassLog(sqlite3* db);
  void write_pass(std::int64_t tx);
  void write_enriched(EntityId entity, std::int64_t tx);
  std::int64_t last_pass(std::int64_t until) const;
  /// The same for one entity. REQUIRES: `pass` is last_pass(until).
  std::int64_t last_enriched(EntityId entity, std::int64_t pass, std::int64_t until) const;
  /// To be called after the database has been rolled back.
  void forget() { newest_ = {}; }

 private:
  /// Asked for with every entity in an answer, and the same for all of them.
  struct Newest {
    bool known = false;
    std::int64_t pass = 0;      ///< last one
    std::int64_t enriched = 0;  ///< last transaction that enriched entities without ending a pass
  };
  const Newest& newest() const;

  mutable Newest newest_;
  Statement insert_pass_, insert_enriched_;
  mutable Statement pass_, enriched_, newest_rows_;
};

struct StoreCore {
  /// REQUIRES: the tables exist.
  explicit StoreCore(sqlite3* db);

  sqlite3* db;
  Symbols symbols;
  CompiledSchema schema;
  EntityTable entities;
  DatomLog log;
  PassLog passes;
  WorkQueue work;
  std::unique_ptr<SearchIndex> index;     ///< null when the store keeps none
  std::unique_ptr<IndexBacklog> backlog;  ///< null when index rows are written with their facts
  StatePrint* print = nullptr;            ///< null when no fingerprint is kept

  /// Reports every change to `changes` from now on.
  void observe(StatePrint& changes);
};

}  // namespace rehearse::mds
