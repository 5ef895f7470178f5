// A search index that follows the facts: when its rows are written, and what becomes of those that
// could not be.
//
// A turn that leaves rows to be written (Store::newest_unindexed) plans them for `lag` later; the
// index follows the log in its order, so a plan is never due before the one before it. The rows are
// in the store, the plans here, so a crash loses the plans. What is left then, or comes due while
// the index is away, is kept or given up as the settings say.
#pragma once

#include <cstdint>
#include <deque>

#include "mds/service/turn.hpp"

namespace rehearse::mds {

struct IndexState {
  struct Plan {
    Time at;
    std::uint64_t transaction = 0;  ///< up to which rows are written
  };
  std::deque<Plan> due;       ///< neither times nor transactions fall
  std::uint64_t planned = 0;  ///< the last transaction with a plan
  Time free_at;               ///< when the index takes rows again
  bool up = true;
  bool missed = false;  ///< rows were given up
};

class IndexFollower {
 public:
  /// Takes up what an earlier life of the service has left.
  void take_up(const Turn& turn);
  /// Plans what is new and writes what is due.
  void follow(const Turn& turn);
  /// The index is away, or back.
  void set_up(bool up, const Turn& turn);
  /// Writes all rows at once, whatever lag and rate say, if the index is there.
  void catch_up(const Turn& turn);
  /// When follow will have something to do; Time::never() when nothing is planned.
  Time next(const IndexConfig& config) const;
  /// Rows wait for an index that is there.
  bool has_work(const Store& store) const { return state_.up && store.newest_unindexed() > 0; }

  /// For fingerprints.
  const IndexState& state() const { return state_; }

 private:
  void plan(const Turn& turn);
  bool write(std::uint64_t until, const Turn& turn);
  void drop(std::uint64_t until, const Turn& turn);
  void recover(const Turn& turn);

  IndexState state_;
};

}  // namespace rehearse::mds
