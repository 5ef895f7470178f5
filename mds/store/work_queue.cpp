#include "mds/store/work_queue.hpp"

#include <string>

namespace rehearse::mds {
namespace {

constexpr std::array<const char*, kWorkKinds> kTables = {"work_touched", "work_marked",
                                                         "work_renamed", "work_outdated"};

}  // namespace

WorkQueue::WorkQueue(sqlite3* db) : db_(db) {
  for (std::size_t i = 0; i < kWorkKinds; ++i) {
    const std::string table = kTables[i];
    queues_[i].add = Statement(db, "INSERT OR IGNORE INTO " + table + "(entity) VALUES(?1)");
    queues_[i].first = Statement(db, "SELECT seq, entity FROM " + table + " ORDER BY seq LIMIT 1");
    queues_[i].remove = Statement(db, "DELETE FROM " + table + " WHERE seq = ?1");
    queues_[i].all = Statement(db, "SELECT entity FROM " + table);
    Statement count(db, "SELECT count(*) FROM " + table);
    if (count.step()) size_ += static_cast<std::size_t>(count.integer(0));
  }
}

void WorkQueue::add(Work kind, EntityId entity) {
  queues_[static_cast<std::size_t>(kind)].add.bind(1, entity).run();
  size_ += static_cast<std::size_t>(sqlite3_changes(db_));
  if (print_ != nullptr) print_->touch_work();
}

std::optional<EntityId> WorkQueue::take(Work kind) {
  Queue& queue = queues_[static_cast<std::size_t>(kind)];
  if (size_ == 0) return std::nullopt;
  std::int64_t seq = 0;
  EntityId entity = 0;
  {
    const ResetAtEnd guard(queue.first);
    if (!queue.first.step()) return std::nullopt;
    seq = queue.first.integer(0);
    entity = queue.first.integer(1);
  }
  queue.remove.bind(1, seq).run();
  --size_;
  if (print_ != nullptr) print_->touch_work();
  return entity;
}

void WorkQueue::visit(const std::function<void(Work, EntityId)>& visit) const {
  if (size_ == 0) return;
  for (std::size_t i = 0; i < kWorkKinds; ++i) {
    Statement& all = queues_[i].all;
    const ResetAtEnd guard(all);
    while (all.step()) visit(static_cast<Work>(i), all.integer(0));
  }
}

}  // namespace rehearse::mds
