// What stands on a store's tape: an operation and its operands. Private to the recorder and the
// player.
//
//   statement TEXT          the next statement, numbered from 0
//   execute TEXT            statements without values
//   integer|real|text|blob|null STATEMENT PLACE [VALUE]
//   step STATEMENT          runs it to its end and makes it ready again
//   summary TEXT            what the database held when it was closed
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <string>

namespace rehearse::bench {

enum class StoreOp : std::uint8_t {
  statement,
  execute,
  integer,
  real,
  text,
  blob,
  null,
  step,
  summary
};

/// Row counts of all tables, pages and changes of a database, to tell whether two agree.
std::string summarise(sqlite3* db);

}  // namespace rehearse::bench
