#include "mds/upkeep/index_follower.hpp"

#include <algorithm>
#include <utility>

#include "stats/random.hpp"

namespace rehearse::mds {
namespace {

using Recovery = IndexConfig::Recovery;

/// Rows of one transaction; an index that takes a rate of rows gets a second's worth at most.
constexpr std::size_t kBatch = 1000;

}  // namespace

void IndexFollower::take_up(const Turn& turn) {
  const std::uint64_t left = turn.store.newest_unindexed();
  if (left == 0) return;
  if (turn.config.index.recovery == Recovery::replay) {
    plan(turn);
    return;
  }
  state_.missed = true;
  drop(left, turn);
  recover(turn);
}

void IndexFollower::plan(const Turn& turn) {
  const std::uint64_t newest = turn.store.newest_unindexed();
  if (newest <= state_.planned) return;
  // A stream of its own for each transaction: a branch or a restart draws what it would have drawn.
  stats::Stream stream(turn.config.seed, turn.config.replication,
                       "mds.index.lag/" + std::to_string(newest));
  Time due = turn.now + turn.config.index.lag.sample(stream);
  if (!state_.due.empty()) due = std::max(due, state_.due.back().at);
  state_.due.push_back({due, newest});
  state_.planned = newest;
}

void IndexFollower::follow(const Turn& turn) {
  if (!turn.store.index_follows()) return;
  plan(turn);
  while (!state_.due.empty() && state_.due.front().at <= turn.now) {
    const auto later = std::find_if(state_.due.begin(), state_.due.end(),
                                    [&turn](const auto& plan) { return turn.now < plan.at; });
    const std::uint64_t until = std::prev(later)->transaction;
    if (state_.up) {
      if (turn.now < state_.free_at) return;
      if (write(until, turn)) continue;  // more of them, when the index is free
    } else if (turn.config.index.recovery == Recovery::replay) {
      return;
    } else {
      drop(until, turn);
    }
    state_.due.erase(state_.due.begin(), later);
  }
}

/// True when rows may be left.
bool IndexFollower::write(std::uint64_t until, const Turn& turn) {
  std::size_t limit = kBatch;
  if (turn.config.index.rate) {
    const double a_second = std::max(1.0, turn.config.index.rate->per_second());
    limit = static_cast<std::size_t>(std::min(a_second, static_cast<double>(kBatch)));
  }
  turn.store.begin(turn.now, Cause{CauseKind::index, {}, {}});
  const std::size_t written = turn.store.write_index(until, limit);
  turn.store.commit();
  if (turn.config.index.rate) {
    state_.free_at =
        turn.now + turn.config.index.rate->interval() * static_cast<std::int64_t>(written);
  }
  return written == limit;
}

void IndexFollower::drop(std::uint64_t until, const Turn& turn) {
  turn.store.begin(turn.now, Cause{CauseKind::index, {}, {}});
  const std::size_t lost = turn.store.drop_index_rows(until);
  turn.store.commit();
  if (lost == 0) return;
  state_.missed = true;
  turn.counters.index_rows_lost += lost;
}

void IndexFollower::recover(const Turn& turn) {
  if (!std::exchange(state_.missed, false)) return;
  const Recovery recovery = turn.config.index.recovery;
  if (recovery != Recovery::reindex && recovery != Recovery::rebuild) return;
  turn.store.begin(turn.now, Cause{CauseKind::index, {}, {}});
  turn.store.reindex(recovery == Recovery::rebuild);
  turn.store.commit();
  state_.planned = turn.store.newest_unindexed();
  state_.due.push_back(
      {state_.due.empty() ? turn.now : std::max(turn.now, state_.due.back().at), state_.planned});
}

void IndexFollower::set_up(bool up, const Turn& turn) {
  state_.up = up;
  if (!turn.store.index_follows()) return;
  if (up) recover(turn);
  follow(turn);
}

void IndexFollower::catch_up(const Turn& turn) {
  if (!state_.up || turn.store.newest_unindexed() == 0) return;
  turn.store.begin(turn.now, Cause{CauseKind::index, {}, {}});
  while (turn.store.write_index(turn.store.newest_unindexed(), kBatch) == kBatch) {
  }
  turn.store.commit();
  state_.due.clear();
}

Time IndexFollower::next(const IndexConfig& config) const {
  if (state_.due.empty()) return Time::never();
  if (state_.up) return std::max(state_.due.front().at, state_.free_at);
  return config.recovery == Recovery::replay ? Time::never() : state_.due.front().at;
}

}  // namespace rehearse::mds
