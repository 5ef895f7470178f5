// The floor under the store: SQLite alone, doing what the store made it do.
//
// While recording, the calls that the program makes to SQLite pass through here (the linker puts
// our function before SQLite's, see CMakeLists.txt) and every statement that writes is noted with
// the values bound to it: tables, indexes, rows of the search index, savepoints, settings.
// Replaying runs the same statements with the same values on an empty database and nothing else;
// what the store reads, decides, packs and parses is left out, which makes this a floor. The
// replayed database must have the tables, row counts, size and number of changes of the recorded
// one.
#pragma once

#include <cstdint>
#include <string>

#include "tape.hpp"

namespace rehearse::bench {

/// Notes on `tape` what is written to the first database that is written to, until it is closed.
void record_store(Tape* tape);

struct StoreReplay {
  double seconds = 0;            ///< of processor time, the database's set-up included
  std::uint64_t statements = 0;  ///< executed, savepoints included
  std::uint64_t rows = 0;        ///< inserted, changed and deleted, those of the index included
  std::uint64_t savepoints = 0;
};

/// Throws std::runtime_error when the result differs from the recorded database.
StoreReplay replay_store(TapeReader& tape);

}  // namespace rehearse::bench
