#include "mds/store/store_whole.hpp"

#include <SQLiteCpp/Database.h>

#include <map>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "mds/store/store_schema.hpp"

namespace rehearse::mds {
namespace {

using Name = std::pair<std::string, std::string>;  // "table" or "index", and how it is called

std::map<Name, std::string> made_of(sqlite3* db) {
  std::map<Name, std::string> parts;
  Statement rows(db, "SELECT type, name, coalesce(sql, '') FROM sqlite_schema");
  while (rows.step()) {
    parts[{std::string(rows.bytes(0)), std::string(rows.bytes(1))}] = rows.bytes(2);
  }
  return parts;
}

// What a search index keeps its words in is laid out by SQLite, in its version's own way.
bool is_inside_index(const std::string& name) {
  return name.starts_with("entity_index_") || name.starts_with("owner_index_");
}

[[noreturn]] void refuse(sqlite3* db, const Name& part, const std::string& how) {
  const char* path = sqlite3_db_filename(db, "main");
  throw InputError({path != nullptr ? path : "", "", 0, 0},
                   "is not a whole graph store: the " + part.first + " " + part.second + " " + how);
}

}  // namespace

void require_whole(sqlite3* db) {
  const std::map<Name, std::string> found = made_of(db);
  SQLite::Database model(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  create_tables(model.getHandle(), {}, has_index(db), has_index_backlog(db));
  // From the last: tables before indexes, which go with their tables.
  const std::map<Name, std::string> wanted = made_of(model.getHandle());
  for (auto at = wanted.rbegin(); at != wanted.rend(); ++at) {
    const auto& [part, sql] = *at;
    const auto same = found.find(part);
    if (same == found.end()) refuse(db, part, "is missing");
    if (same->second != sql && !is_inside_index(part.second)) {
      refuse(db, part, "is not made as in one");
    }
  }
}

}  // namespace rehearse::mds
