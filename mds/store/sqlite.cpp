#include "mds/store/sqlite.hpp"

#include <cassert>
#include <stdexcept>

#include "mds/store/damage.hpp"

namespace rehearse::mds {

void configure_sqlite() {
  static const int once = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  static_cast<void>(once);
}

namespace {

// FTS5 has no error code of its own for tables of its own that are not as it wrote them.
bool is_index_damage(const std::string& message) {
  return message.find("fts5 file format") != std::string::npos ||
         message.find("vtable constructor failed") != std::string::npos;
}

}  // namespace

void throw_sqlite_error(sqlite3* db) {
  const std::string message = sqlite3_errmsg(db);
  const char* path = sqlite3_db_filename(db, "main");
  const std::string file = path != nullptr ? path : "";
  switch (sqlite3_errcode(db) & 0xff) {
    case SQLITE_FULL:
      throw InputError({file, "", 0, 0}, "the disk is full; nothing after the last commit is kept");
    case SQLITE_NOTADB:
      throw InputError({file, "", 0, 0}, "is not a graph store (" + message + ")");
    case SQLITE_CORRUPT:
      throw DamagedStore({file, "", 0, 0}, "the graph store is damaged: " + message);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      throw InputError({file, "", 0, 0}, "the graph store is in use by another program");
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      throw InputError({file, "", 0, 0}, "the graph store cannot be used: " + message);
    default:
      if (is_index_damage(message)) {
        throw DamagedStore({file, "", 0, 0}, "the search index is damaged: " + message);
      }
      throw std::logic_error("SQLite: " + message);
  }
}

Statement::Statement(sqlite3* db, const std::string& sql) {
  sqlite3_stmt* raw = nullptr;
  const int length = static_cast<int>(sql.size());
  if (sqlite3_prepare_v3(db, sql.c_str(), length, SQLITE_PREPARE_PERSISTENT, &raw, nullptr) !=
      SQLITE_OK) {
    throw_sqlite_error(db);
  }
  statement_.reset(raw);
}

void Statement::check(int status) const {
  if (status != SQLITE_OK) throw_sqlite_error(sqlite3_db_handle(statement_.get()));
}

Statement& Statement::bind(int index, std::int64_t value) {
  check(sqlite3_bind_int64(statement_.get(), index, value));
  return *this;
}

Statement& Statement::bind(int index, double value) {
  check(sqlite3_bind_double(statement_.get(), index, value));
  return *this;
}

Statement& Statement::bind_text(int index, std::string_view value) {
  check(sqlite3_bind_text64(statement_.get(), index, value.data() != nullptr ? value.data() : "",
                            value.size(), SQLITE_STATIC, SQLITE_UTF8));
  return *this;
}

Statement& Statement::bind_blob(int index, std::string_view value) {
  check(sqlite3_bind_blob64(statement_.get(), index, value.data() != nullptr ? value.data() : "",
                            value.size(), SQLITE_STATIC));
  return *this;
}

Statement& Statement::bind_null(int index) {
  check(sqlite3_bind_null(statement_.get(), index));
  return *this;
}

bool Statement::step() {
  const int status = sqlite3_step(statement_.get());
  if (status == SQLITE_ROW) return true;
  if (status == SQLITE_DONE) return false;
  sqlite3* db = sqlite3_db_handle(statement_.get());
  reset();
  throw_sqlite_error(db);
}

void Statement::run() {
  const bool row = step();
  assert(!row);
  static_cast<void>(row);
  reset();
}

// The status of the last step comes back here a second time; step() has already thrown for it.
void Statement::reset() { sqlite3_reset(statement_.get()); }

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

double Statement::real(int column) const { return sqlite3_column_double(statement_.get(), column); }

bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

std::string_view Statement::bytes(int column) const {
  const void* data = sqlite3_column_blob(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return {static_cast<const char*>(data), static_cast<std::size_t>(size)};
}

void execute(sqlite3* db, const std::string& sql) {
  if (sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    throw_sqlite_error(db);
  }
}

}  // namespace rehearse::mds
