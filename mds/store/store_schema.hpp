// The tables of a store, and the schema it remembers.
#pragma once

#include "mds/store/schema.hpp"
#include "mds/store/sqlite.hpp"

namespace rehearse::mds {

/// True when the database has no tables yet. Throws InputError when it is some other database.
bool is_new_store(sqlite3* db);

/// Creates the tables and writes down the schema. `index`: with the search index; `after`: with
/// the list of its rows that are still to be written.
void create_tables(sqlite3* db, const Schema& schema, bool index, bool after);

/// REQUIRES: a store.
Schema read_schema(sqlite3* db);
bool has_index(sqlite3* db);
bool has_index_backlog(sqlite3* db);

}  // namespace rehearse::mds
