// Whether a database has all that a store is made of: every table, index and search index, each as
// this version makes it. Looked at before anything is read, because a statement over a table that
// is not there would look like a bug of ours.
#pragma once

#include "mds/store/sqlite.hpp"

namespace rehearse::mds {

/// Throws InputError that names what is missing or not as it is made. REQUIRES: a store.
void require_whole(sqlite3* db);

}  // namespace rehearse::mds
