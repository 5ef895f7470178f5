#include "mds/store/store_core.hpp"

#include <algorithm>

namespace rehearse::mds {

PassLog::PassLog(sqlite3* db)
    : insert_pass_(db, "INSERT OR IGNORE INTO pass(tx) VALUES(?1)"),
      insert_enriched_(db, "INSERT OR IGNORE INTO enriched(entity, tx) VALUES(?1, ?2)"),
      pass_(db, "SELECT max(tx) FROM pass WHERE tx <= ?1"),
      enriched_(db, "SELECT max(tx) FROM enriched WHERE entity = ?1 AND tx <= ?2"),
      newest_rows_(db, "SELECT (SELECT max(tx) FROM pass), (SELECT max(tx) FROM enriched)") {}

void PassLog::write_pass(std::int64_t tx) {
  insert_pass_.bind(1, tx).run();
  newest_.pass = tx;
}

void PassLog::write_enriched(EntityId entity, std::int64_t tx) {
  insert_enriched_.bind(1, entity).bind(2, tx).run();
  newest_.enriched = tx;
}

const PassLog::Newest& PassLog::newest() const {
  if (!newest_.known) {
    const ResetAtEnd guard(newest_rows_);
    if (newest_rows_.step()) newest_ = {true, newest_rows_.integer(0), newest_rows_.integer(1)};
  }
  return newest_;
}

std::int64_t PassLog::last_pass(std::int64_t until) const {
  if (newest().pass <= until) return newest().pass;
  const ResetAtEnd guard(pass_);
  return pass_.bind(1, until).step() ? pass_.integer(0) : 0;
}

std::int64_t PassLog::last_enriched(EntityId entity, std::int64_t pass, std::int64_t until) const {
  if (newest().enriched <= pass) return pass;
  const ResetAtEnd guard(enriched_);
  const bool found = enriched_.bind(1, entity).bind(2, until).step();
  return std::max(pass, found ? enriched_.integer(0) : 0);
}

StoreCore::StoreCore(sqlite3* database)
    : db(database),
      symbols(database),
      schema(read_schema(database), symbols),
      entities(database),
      log(database),
      passes(database),
      work(database),
      index(has_index(database) ? std::make_unique<SearchIndex>(*this) : nullptr),
      backlog(has_index_backlog(database) ? std::make_unique<IndexBacklog>(*this) : nullptr) {}

void StoreCore::observe(StatePrint& changes) {
  print = &changes;
  entities.observe(&changes);
  work.observe(&changes);
}

}  // namespace rehearse::mds
