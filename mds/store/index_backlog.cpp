#include "mds/store/index_backlog.hpp"

#include <utility>

#include "mds/store/state_print.hpp"
#include "mds/store/store_core.hpp"

namespace rehearse::mds {

IndexBacklog::IndexBacklog(const StoreCore& core)
    : core_(core),
      add_(core.db, "INSERT OR IGNORE INTO index_due(tx, entity) VALUES(?1, ?2)"),
      add_all_(core.db, "INSERT OR IGNORE INTO index_due SELECT ?1, id FROM entity WHERE life = 1"),
      waits_(core.db, "SELECT 1 FROM index_due WHERE entity = ?1 LIMIT 1"),
      waiting_(core.db, "SELECT DISTINCT entity FROM index_due WHERE tx <= ?1 ORDER BY entity"),
      newest_(core.db, "SELECT max(tx) FROM index_due"),
      first_(core.db,
             "SELECT tx, entity FROM index_due WHERE tx <= ?1 ORDER BY tx, entity LIMIT ?2"),
      remove_(core.db, "DELETE FROM index_due WHERE tx = ?1 AND entity = ?2"),
      indexed_(core.db, "SELECT 1 FROM entity_index WHERE rowid = ?1") {
  Statement count(core.db, "SELECT count(*) FROM index_due");
  if (count.step()) size_ = count.integer(0);
}

void IndexBacklog::add(std::int64_t tx, EntityId entity) {
  add_.bind(1, tx).bind(2, entity).run();
  size_ += sqlite3_changes(core_.db);
}

void IndexBacklog::add_all(std::int64_t tx) {
  add_all_.bind(1, tx).run();
  size_ += sqlite3_changes(core_.db);
}

bool IndexBacklog::waits(EntityId entity) const {
  if (size_ == 0) return false;
  const ResetAtEnd guard(waits_);
  return waits_.bind(1, entity).step();
}

std::vector<EntityId> IndexBacklog::waiting(std::int64_t until) const {
  std::vector<EntityId> found;
  const ResetAtEnd guard(waiting_);
  waiting_.bind(1, until);
  while (waiting_.step()) found.push_back(waiting_.integer(0));
  return found;
}

std::int64_t IndexBacklog::newest() const {
  if (size_ == 0) return 0;
  const ResetAtEnd guard(newest_);
  return newest_.step() ? newest_.integer(0) : 0;
}

std::vector<EntityId> IndexBacklog::take(std::int64_t until, std::size_t limit) {
  std::vector<std::pair<std::int64_t, EntityId>> rows;
  {
    const ResetAtEnd guard(first_);
    first_.bind(1, until).bind(2, static_cast<std::int64_t>(limit));
    while (first_.step()) rows.emplace_back(first_.integer(0), first_.integer(1));
  }
  std::vector<EntityId> taken;
  for (const auto& [tx, entity] : rows) {
    remove_.bind(1, tx).bind(2, entity).run();
    --size_;
    taken.push_back(entity);
  }
  return taken;
}

void IndexBacklog::write(EntityId entity) {
  EntityRow row;
  core_.entities.load(entity, row);
  if (row.life != Life::live) {
    core_.index->remove(row);
    return;
  }
  bool indexed = false;
  {
    const ResetAtEnd guard(indexed_);
    indexed = indexed_.bind(1, entity).step();
  }
  core_.index->write(row, indexed);
}

std::vector<std::string> IndexBacklog::clear_index() {
  execute(core_.db, "DELETE FROM entity_index");
  execute(core_.db, "DELETE FROM owner_index");
  std::vector<std::string> gone;
  EntityRow row;
  for (EntityId id = 1; id <= core_.entities.size(); ++id) {
    if (core_.print != nullptr) core_.print->set_index(id, {});
    core_.entities.load(id, row);
    if (row.life == Life::deleted) gone.push_back(core_.entities.uri(id));
  }
  return gone;
}

}  // namespace rehearse::mds
