// Sizes of a store: counted from its tables once, when it is opened, then kept beside them.
#pragma once

#include <cstdint>

#include "mds/store/sqlite.hpp"

namespace rehearse::mds {

struct Tally {
  std::int64_t datoms = 0;
  std::int64_t live = 0;
  std::int64_t edges = 0;
  std::int64_t transactions = 0;
  std::int64_t dead_letters = 0;
};

Tally count_tally(sqlite3* db);

}  // namespace rehearse::mds
