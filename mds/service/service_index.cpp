// A search index that follows the facts: when its rows are written, and what becomes of those that
// could not be.
//
// A step that leaves rows to be written (Store::newest_unindexed) plans them for `lag` later; the
// index follows the log in its order, so a plan is never due before the one before it. The rows are
// in the store, the plans here, so a crash loses the plans. What is left then, or comes due while
// the index is away, is kept or given up as the settings say.
#include <algorithm>

#include "mds/service/service_state.hpp"
#include "stats/random.hpp"

namespace rehearse::mds {
namespace {

using Recovery = IndexConfig::Recovery;

/// Rows of one transaction; an index that takes a rate of rows gets a second's worth at most.
constexpr std::size_t kBatch = 1000;

}  // namespace

/// What an earlier life of the service has left.
void Service::State::take_up_index(Time at) {
  const std::uint64_t left = store->newest_unindexed();
  if (left == 0) return;
  if (config->index.recovery == Recovery::replay) {
    plan_index(at);
    return;
  }
  indexing.missed = true;
  drop_index_rows(left, at);
  recover_index(at);
}

void Service::State::plan_index(Time at) {
  const std::uint64_t newest = store->newest_unindexed();
  if (newest <= indexing.planned) return;
  // A stream of its own for each transaction: a branch or a restart draws what it would have drawn.
  stats::Stream stream(config->seed, config->replication,
                       "mds.index.lag/" + std::to_string(newest));
  Time due = at + config->index.lag.sample(stream);
  if (!indexing.due.empty()) due = std::max(due, indexing.due.back().at);
  indexing.due.push_back({due, newest});
  indexing.planned = newest;
}

void Service::State::follow_index(Time at) {
  if (!store->index_follows()) return;
  plan_index(at);
  while (!indexing.due.empty() && indexing.due.front().at <= at) {
    const auto later = std::find_if(indexing.due.begin(), indexing.due.end(),
                                    [at](const auto& plan) { return at < plan.at; });
    const std::uint64_t until = std::prev(later)->transaction;
    if (indexing.up) {
      if (at < indexing.free_at) return;
      if (write_index_rows(until, at)) continue;  // more of them, when the index is free
    } else if (config->index.recovery == Recovery::replay) {
      return;
    } else {
      drop_index_rows(until, at);
    }
    indexing.due.erase(indexing.due.begin(), later);
  }
}

/// True when rows may be left.
bool Service::State::write_index_rows(std::uint64_t until, Time at) {
  std::size_t limit = kBatch;
  if (config->index.rate) {
    const double a_second = std::max(1.0, config->index.rate->per_second());
    limit = static_cast<std::size_t>(std::min(a_second, static_cast<double>(kBatch)));
  }
  store->begin(at, Cause{CauseKind::index, {}, {}});
  const std::size_t written = store->write_index(until, limit);
  store->commit();
  if (config->index.rate) {
    indexing.free_at = at + config->index.rate->interval() * static_cast<std::int64_t>(written);
  }
  return written == limit;
}

void Service::State::drop_index_rows(std::uint64_t until, Time at) {
  store->begin(at, Cause{CauseKind::index, {}, {}});
  const std::size_t lost = store->drop_index_rows(until);
  store->commit();
  if (lost == 0) return;
  indexing.missed = true;
  counters.index_rows_lost += lost;
}

void Service::State::recover_index(Time at) {
  if (!std::exchange(indexing.missed, false)) return;
  const Recovery recovery = config->index.recovery;
  if (recovery != Recovery::reindex && recovery != Recovery::rebuild) return;
  store->begin(at, Cause{CauseKind::index, {}, {}});
  store->reindex(recovery == Recovery::rebuild);
  store->commit();
  indexing.planned = store->newest_unindexed();
  indexing.due.push_back(
      {indexing.due.empty() ? at : std::max(at, indexing.due.back().at), indexing.planned});
}

void Service::State::set_index_up(bool up, Time at) {
  indexing.up = up;
  if (!store->index_follows()) return;
  if (up) recover_index(at);
  follow_index(at);
}

/// All at once, whatever lag and rate say.
void Service::State::catch_up_index(Time at) {
  if (!indexing.up || store->newest_unindexed() == 0) return;
  store->begin(at, Cause{CauseKind::index, {}, {}});
  while (store->write_index(store->newest_unindexed(), kBatch) == kBatch) {
  }
  store->commit();
  indexing.due.clear();
}

/// True when rows wait for an index that is there.
bool Service::State::indexing_has_work() const {
  return indexing.up && store->newest_unindexed() > 0;
}

Time Service::State::next_index_step() const {
  if (indexing.due.empty()) return Time::never();
  if (indexing.up) return std::max(indexing.due.front().at, indexing.free_at);
  return config->index.recovery == Recovery::replay ? Time::never() : indexing.due.front().at;
}

}  // namespace rehearse::mds
