// The pieces of check_consistency() (consistency.hpp), each about other tables. Private to the
// room.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "mds/store/store_core.hpp"

namespace rehearse::mds {

/// What was found wrong, up to a limit.
class Problems {
 public:
  explicit Problems(std::size_t limit) : limit_(limit) {}

  void add(std::string what) {
    if (found_.size() < limit_) found_.push_back(std::move(what));
  }
  bool none() const { return found_.empty(); }
  std::vector<std::string> take() { return std::move(found_); }

 private:
  std::size_t limit_;
  std::vector<std::string> found_;
};

/// The first number that a query gives.
std::int64_t number_of(sqlite3* db, const std::string& sql);

/// Row by row: every column holds what it is declared to, every number stands for something that
/// is there, and no time lies before the start of the run.
void check_values(const StoreCore& core, Problems& problems);

/// Edges read backwards are those of the log, with the transactions that wrote them.
void check_back_edges(const StoreCore& core, Problems& problems);

/// The search index has a row for each of these entities, which are all live ones, and the row says
/// what their facts say. `settled`: names of other entities in it are compared too.
void check_index(const StoreCore& core, const std::vector<EntityId>& live, bool settled,
                 Problems& problems);

}  // namespace rehearse::mds
