#include "mds/store/datom_log.hpp"

#include <string>

#include "base/error.hpp"
#include "mds/store/damage.hpp"

namespace rehearse::mds {
namespace {

// In the memory of verifications.
constexpr std::int64_t kUnknown = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kNever = kUnknown + 1;

std::int64_t first_change(EntityId entity) { return entity * (kMostChanges + 1); }

[[noreturn]] void refuse_more_changes() {
  throw InputError("the graph store is full: it holds " + std::to_string(kMostChanges) +
                   " changes, the most that one store can number; a shorter run has fewer");
}

}  // namespace

DatomLog::DatomLog(sqlite3* db)
    : insert_tx_(db,
                 "INSERT INTO tx(id, at, kind, event, request, datoms) "
                 "VALUES(?1, ?2, ?3, ?4, ?5, ?6)"),
      insert_change_(db, "INSERT INTO change(id, tx, datoms) VALUES(?1, ?2, ?3)"),
      insert_back_(db,
                   "INSERT OR REPLACE INTO back(target, attribute, source, tx, added) "
                   "VALUES(?1, ?2, ?3, ?4, ?5)"),
      tx_(db, "SELECT at, kind, event, request, datoms FROM tx WHERE id = ?1"),
      changes_(db, "SELECT tx, datoms FROM change WHERE id BETWEEN ?1 AND ?2 ORDER BY id"),
      first_change_(db, "SELECT tx FROM change WHERE id BETWEEN ?1 AND ?2 ORDER BY id LIMIT 1"),
      changes_down_(db, "SELECT datoms FROM change WHERE id BETWEEN ?1 AND ?2 ORDER BY id DESC"),
      sources_(db,
               "SELECT source, added FROM back WHERE target = ?1 AND attribute = ?2 AND tx <= ?3 "
               "ORDER BY source, tx"),
      back_(db,
            "SELECT attribute, source, added FROM back WHERE target = ?1 AND tx <= ?2 "
            "ORDER BY attribute, source, tx"),
      any_back_(db, "SELECT 1 FROM back WHERE target = ?1 AND tx <= ?2 LIMIT 1"),
      last_tx_(db, "SELECT max(id) FROM tx"),
      count_(db, "SELECT count(*) FROM change") {}

void DatomLog::write_tx(const TxRow& tx) {
  insert_tx_.bind(1, tx.id).bind(2, tx.at.ns).bind(3, tx.kind);
  insert_tx_.bind(4, tx.event).bind(5, tx.request).bind(6, tx.datoms).run();
}

std::int64_t DatomLog::size() const {
  if (changes_written_ < 0) {
    const ResetAtEnd guard(count_);
    changes_written_ = count_.step() ? count_.integer(0) : 0;
  }
  return changes_written_;
}

void DatomLog::restore(std::int64_t size) {
  assert(size <= changes_written_ || changes_written_ < 0);
  changes_written_ = size;
  verified_.clear();
  asked_ = {};
}

void DatomLog::write_change(EntityId entity, std::int64_t tx, std::string_view change,
                            std::optional<Time> verified) {
  if (size() == kMostChanges) refuse_more_changes();
  const std::int64_t id = first_change(entity) + ++changes_written_;
  insert_change_.bind(1, id).bind(2, tx).bind_blob(3, change).run();
  if (verified && static_cast<std::size_t>(entity) < verified_.size()) {
    verified_[static_cast<std::size_t>(entity)] = verified->ns;
  }
}

void DatomLog::write_back(EntityId target, Symbol attribute, EntityId source, std::int64_t tx,
                          bool added) {
  insert_back_.bind(1, target).bind(2, attribute).bind(3, source).bind(4, tx);
  insert_back_.bind(5, added ? 1 : 0).run();
}

TxRow DatomLog::tx(std::int64_t id) const {
  const ResetAtEnd guard(tx_);
  if (!tx_.bind(1, id).step()) {
    throw DamagedStore("the graph store is damaged: it has no transaction " + std::to_string(id));
  }
  return {id, Time{tx_.integer(0)}, tx_.integer(1), tx_.integer(2), tx_.integer(3), tx_.integer(4)};
}

Time DatomLog::time_of(std::int64_t id) const {
  if (asked_.id != id) asked_ = tx(id);
  return asked_.at;
}

std::int64_t DatomLog::last_tx() const {
  const ResetAtEnd guard(last_tx_);
  return last_tx_.step() ? last_tx_.integer(0) : 0;
}

// Times do not fall with transaction numbers, so a binary search needs no index on them.
std::int64_t DatomLog::tx_at(Time at) const {
  std::int64_t high = last_tx();
  std::int64_t low = 0;
  while (low < high) {
    const std::int64_t middle = low + (high - low + 1) / 2;
    if (tx(middle).at <= at) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}

void DatomLog::bind_range(Statement& statement, EntityId entity) {
  statement.bind(1, first_change(entity)).bind(2, first_change(entity + 1) - 1);
}

std::int64_t DatomLog::first_change_tx(EntityId entity) const {
  const ResetAtEnd guard(first_change_);
  bind_range(first_change_, entity);
  return first_change_.step() ? first_change_.integer(0) : 0;
}

std::optional<Time> DatomLog::last_verified(EntityId root) const {
  const auto at = static_cast<std::size_t>(root);
  if (at >= verified_.size()) verified_.resize(at + 1, kUnknown);
  if (verified_[at] == kUnknown) {
    const std::optional<Time> found = read_last_verified(root);
    verified_[at] = found ? found->ns : kNever;
  }
  return verified_[at] == kNever ? std::nullopt : std::optional(Time{verified_[at]});
}

std::optional<Time> DatomLog::read_last_verified(EntityId root) const {
  const ResetAtEnd guard(changes_down_);
  bind_range(changes_down_, root);
  while (changes_down_.step()) {
    std::string_view change = changes_down_.bytes(0);
    const ChangeHead head = take_change_head(change);
    if (head.verified) return head.verified;
  }
  return std::nullopt;
}

std::vector<EntityId> DatomLog::sources(EntityId target, Symbol attribute,
                                        std::int64_t until) const {
  std::vector<EntityId> found;
  const ResetAtEnd guard(sources_);
  sources_.bind(1, target).bind(2, attribute).bind(3, until);
  while (sources_.step()) {
    const EntityId source = sources_.integer(0);
    const bool added = sources_.integer(1) != 0;
    const bool standing = !found.empty() && found.back() == source;
    if (added && !standing) found.push_back(source);
    if (!added && standing) found.pop_back();
  }
  return found;
}

std::vector<BackEdge> DatomLog::back(EntityId target, std::int64_t until) const {
  std::vector<BackEdge> found;
  const ResetAtEnd guard(back_);
  back_.bind(1, target).bind(2, until);
  while (back_.step()) {
    const BackEdge edge{static_cast<Symbol>(back_.integer(0)), back_.integer(1)};
    const bool added = back_.integer(2) != 0;
    const bool standing = !found.empty() && found.back().attribute == edge.attribute &&
                          found.back().source == edge.source;
    if (added && !standing) found.push_back(edge);
    if (!added && standing) found.pop_back();
  }
  return found;
}

bool DatomLog::has_back(EntityId target, std::int64_t until) const {
  const ResetAtEnd guard(any_back_);
  return any_back_.bind(1, target).bind(2, until).step();
}

}  // namespace rehearse::mds
