#include "mds/store/store_reset.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>

#include <filesystem>

#include "base/error.hpp"
#include "mds/store/sqlite.hpp"
#include "mds/store/store_schema.hpp"

namespace rehearse::mds {

void empty_store(const std::string& path) {
  if (!std::filesystem::exists(path)) return;
  try {
    SQLite::Database file(path, SQLite::OPEN_READWRITE);
    sqlite3* db = file.getHandle();
    // Reads the schema, as SQLite asks for before a reset.
    if (is_new_store(db)) return;
    sqlite3_db_config(db, SQLITE_DBCONFIG_RESET_DATABASE, 1, nullptr);
    execute(db, "VACUUM");
    sqlite3_db_config(db, SQLITE_DBCONFIG_RESET_DATABASE, 0, nullptr);
    execute(db, "PRAGMA schema_version = 0");  // as in a new file, whose bytes are compared
  } catch (const SQLite::Exception& error) {
    throw InputError({path, "", 0, 0},
                     std::string("the graph store cannot be opened: ") + error.what());
  }
}

}  // namespace rehearse::mds
