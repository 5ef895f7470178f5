#include "mds/store/state_print.hpp"

#include <cassert>

#include "mds/store/fact_view.hpp"
#include "mds/store/store_core.hpp"

namespace rehearse::mds {
namespace {

enum Part : std::uint64_t { kRow = 1, kWork };

// Facts stand in the order of attribute names, so their order is content; references point to
// numbers and are told by URI.
void add_fact(PartHasher& hash, const StoreCore& core, const PackedFact& fact) {
  hash.add(core.symbols.name(fact.attribute));
  if (is_edge(fact)) {
    hash.add(core.entities.uri(target_of(fact)));
  } else {
    hash.add(static_cast<std::uint64_t>(fact.kind)).add(fact.body);
  }
}

// Several values of one attribute are a set, and parts stand in the order of the payload.
Fingerprint facts_print(const StoreCore& core, std::string_view packed) {
  Fingerprint sum;
  PackedFact fact;
  while (take_fact(packed, fact)) {
    PartHasher hash(kRow);
    add_fact(hash, core, fact);
    sum += hash.value();
  }
  return sum;
}

Fingerprint row_print(const StoreCore& core, EntityId id, const Fingerprint& index) {
  const EntityRow& row = core.entities.peek(id);
  PartHasher hash(kRow);
  hash.add(core.entities.uri(id)).add(core.symbols.name(row.type));
  if (row.root != id) hash.add(core.entities.uri(row.root));
  hash.add(static_cast<std::uint64_t>(row.life));
  hash.add(facts_print(core, row.facts)).add(facts_print(core, row.edges)).add(index);
  const bool live = row.life == Life::live;
  if (core.index && !live) hash.add(core.log.has_back(id) ? 1 : 0);
  return hash.value();
}

}  // namespace

void StatePrint::set_index(EntityId entity, const Fingerprint& texts) {
  const auto at = static_cast<std::size_t>(entity);
  if (index_.size() <= at) index_.resize(at + 1);
  if (index_[at] == texts) return;
  index_undo_.push_back({entity, index_[at]});
  index_[at] = texts;
  touch(entity);
}

void StatePrint::settle(const StoreCore& core) {
  const auto size = static_cast<std::size_t>(core.entities.size()) + 1;
  if (rows_.size() < size) rows_.resize(size);
  if (index_.size() < size) index_.resize(size);
  for (std::size_t i = 0; i < touched_.size(); ++i) {
    const EntityId id = touched_[i];
    const auto at = static_cast<std::size_t>(id);
    if (id > core.entities.size()) continue;  // what mentioned it first was undone
    const Fingerprint now = row_print(core, id, index_[at]);
    if (now == rows_[at]) continue;
    undo_.push_back({id, rows_[at]});
    sum_ -= rows_[at];
    sum_ += now;
    rows_[at] = now;
  }
  touched_.clear();
}

Fingerprint StatePrint::value(const StoreCore& core) {
  settle(core);
  if (!work_known_) {
    work_ = {};
    queued_.clear();
    core.work.visit([&](Work kind, EntityId entity) {
      PartHasher hash(kWork);
      hash.add(static_cast<std::uint64_t>(kind)).add(core.entities.uri(entity));
      queued_.push_back({entity, hash.value()});
      work_ += hash.value();
    });
    work_known_ = true;
  }
  return sum_ + work_;
}

Fingerprint StatePrint::entity(const StoreCore& core, EntityId entity) {
  if (entity == 0) return {};
  value(core);
  Fingerprint print = rows_[static_cast<std::size_t>(entity)];
  for (const Queued& queued : queued_) {
    if (queued.entity == entity) print += queued.print;
  }
  return print;
}

StatePrint::Mark StatePrint::mark(const StoreCore& core, bool first) {
  settle(core);
  if (first) {
    undo_.clear();
    index_undo_.clear();
  }
  return {undo_.size(), index_undo_.size(), sum_};
}

void StatePrint::restore(const Mark& mark) {
  assert(mark.undo <= undo_.size());
  for (; undo_.size() > mark.undo; undo_.pop_back()) {
    rows_[static_cast<std::size_t>(undo_.back().entity)] = undo_.back().print;
  }
  restore_index(mark.index_undo);
  sum_ = mark.rows;
  touched_.clear();
  work_known_ = false;
}

void StatePrint::restore_index(std::size_t mark) {
  assert(mark <= index_undo_.size());
  for (; index_undo_.size() > mark; index_undo_.pop_back()) {
    index_[static_cast<std::size_t>(index_undo_.back().entity)] = index_undo_.back().print;
  }
}

}  // namespace rehearse::mds
