#include "mds/store/tally.hpp"

#include <string_view>

#include "mds/store/packed_facts.hpp"

namespace rehearse::mds {

Tally count_tally(sqlite3* db) {
  const auto number = [db](const char* sql) {
    Statement statement(db, sql);
    return statement.step() ? statement.integer(0) : 0;
  };
  Tally tally;
  tally.datoms = number("SELECT sum(datoms) FROM tx");
  tally.live = number("SELECT count(*) FROM entity WHERE life = 1");
  tally.transactions = number("SELECT max(id) FROM tx");
  tally.dead_letters = number("SELECT count(*) FROM dead_letter");
  Statement edges(db, "SELECT edges FROM entity WHERE edges IS NOT NULL");
  while (edges.step()) {
    std::string_view packed = edges.bytes(0);
    PackedFact edge;
    while (take_fact(packed, edge)) ++tally.edges;
  }
  return tally;
}

}  // namespace rehearse::mds
