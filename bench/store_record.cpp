#include <strings.h>

#include <bit>
#include <cstring>
#include <unordered_map>

#include "store_tape.hpp"
#include "store_tape_format.hpp"

namespace rehearse::bench {
namespace {

class Recorder {
 public:
  explicit Recorder(Tape& tape) : tape_(tape) {}

  /// Notes an operation on a statement that writes; false for one that does not.
  bool begin(StoreOp op, sqlite3_stmt* statement) {
    const std::int64_t number = number_of(statement);
    if (number < 0) return false;
    put(op);
    tape_.write_number(static_cast<std::uint64_t>(number));
    return true;
  }

  void bind(StoreOp op, sqlite3_stmt* statement, int place, std::uint64_t value) {
    if (!begin_at(op, statement, place)) return;
    tape_.write_number(value);
  }
  void bind(StoreOp op, sqlite3_stmt* statement, int place, std::string_view value) {
    if (!begin_at(op, statement, place)) return;
    tape_.write_bytes(value);
  }
  void bind_null(sqlite3_stmt* statement, int place) { begin_at(StoreOp::null, statement, place); }

  void execute(sqlite3* db, const char* sql) {
    if (!writes(sql) || !is_recorded(db)) return;
    put(StoreOp::execute);
    tape_.write_bytes(sql);
  }

  void forget(sqlite3_stmt* statement) { numbers_.erase(statement); }

  /// True when this was the recorded database, whose tape is complete now.
  bool close(sqlite3* db) {
    if (db != db_) return false;
    put(StoreOp::summary);
    tape_.write_bytes(summarise(db));
    tape_.flush();
    return true;
  }

 private:
  // SQLite does not count savepoints and settings as writing, so the first word has to tell.
  // Copying the database is no part of keeping it.
  static bool writes(const char* sql) {
    while (*sql == ' ' || *sql == '\n') ++sql;
    for (const char* word : {"SELECT", "VACUUM", "ATTACH", "DETACH", "WITH", "EXPLAIN"}) {
      if (strncasecmp(sql, word, std::strlen(word)) == 0) return false;
    }
    const bool pragma = strncasecmp(sql, "PRAGMA", 6) == 0;
    return !pragma || std::strchr(sql, '=') != nullptr;
  }

  bool is_recorded(sqlite3* db) {
    if (db_ == nullptr) db_ = db;
    return db == db_;
  }

  void put(StoreOp op) { tape_.write_byte(static_cast<std::uint8_t>(op)); }

  bool begin_at(StoreOp op, sqlite3_stmt* statement, int place) {
    if (!begin(op, statement)) return false;
    tape_.write_number(static_cast<std::uint64_t>(place));
    return true;
  }

  std::int64_t number_of(sqlite3_stmt* statement) {
    const auto known = numbers_.find(statement);
    if (known != numbers_.end()) return known->second;
    const char* sql = sqlite3_sql(statement);
    std::int64_t number = -1;
    if (sql != nullptr && writes(sql) && is_recorded(sqlite3_db_handle(statement))) {
      number = statements_++;
      put(StoreOp::statement);
      tape_.write_bytes(sql);
    }
    return numbers_[statement] = number;
  }

  Tape& tape_;
  sqlite3* db_ = nullptr;
  std::unordered_map<sqlite3_stmt*, std::int64_t> numbers_;
  std::int64_t statements_ = 0;
};

Recorder* recorder = nullptr;

std::string_view view(const void* data, std::uint64_t size) {
  return {static_cast<const char*>(data), static_cast<std::size_t>(size)};
}

}  // namespace

void record_store(Tape* tape) {
  delete recorder;
  recorder = tape != nullptr ? new Recorder(*tape) : nullptr;
}

}  // namespace rehearse::bench

// The program's calls to SQLite arrive at __wrap_X; __real_X is SQLite's own X.
using rehearse::bench::recorder;
using rehearse::bench::StoreOp;
using rehearse::bench::view;

extern "C" {

int __real_sqlite3_bind_int64(sqlite3_stmt*, int, sqlite3_int64);
int __wrap_sqlite3_bind_int64(sqlite3_stmt* s, int place, sqlite3_int64 value) {
  if (recorder) recorder->bind(StoreOp::integer, s, place, static_cast<std::uint64_t>(value));
  return __real_sqlite3_bind_int64(s, place, value);
}

int __real_sqlite3_bind_int(sqlite3_stmt*, int, int);
int __wrap_sqlite3_bind_int(sqlite3_stmt* s, int place, int value) {
  if (recorder) recorder->bind(StoreOp::integer, s, place, static_cast<std::uint64_t>(value));
  return __real_sqlite3_bind_int(s, place, value);
}

int __real_sqlite3_bind_double(sqlite3_stmt*, int, double);
int __wrap_sqlite3_bind_double(sqlite3_stmt* s, int place, double value) {
  if (recorder) recorder->bind(StoreOp::real, s, place, std::bit_cast<std::uint64_t>(value));
  return __real_sqlite3_bind_double(s, place, value);
}

int __real_sqlite3_bind_null(sqlite3_stmt*, int);
int __wrap_sqlite3_bind_null(sqlite3_stmt* s, int place) {
  if (recorder) recorder->bind_null(s, place);
  return __real_sqlite3_bind_null(s, place);
}

int __real_sqlite3_bind_text(sqlite3_stmt*, int, const char*, int, void (*)(void*));
int __wrap_sqlite3_bind_text(sqlite3_stmt* s, int place, const char* text, int size,
                             void (*release)(void*)) {
  if (recorder) {
    const std::uint64_t length = size < 0 ? std::strlen(text) : static_cast<std::uint64_t>(size);
    recorder->bind(StoreOp::text, s, place, view(text, length));
  }
  return __real_sqlite3_bind_text(s, place, text, size, release);
}

int __real_sqlite3_bind_text64(sqlite3_stmt*, int, const char*, sqlite3_uint64, void (*)(void*),
                               unsigned char);
int __wrap_sqlite3_bind_text64(sqlite3_stmt* s, int place, const char* text, sqlite3_uint64 size,
                               void (*release)(void*), unsigned char encoding) {
  if (recorder) recorder->bind(StoreOp::text, s, place, view(text, size));
  return __real_sqlite3_bind_text64(s, place, text, size, release, encoding);
}

int __real_sqlite3_bind_blob(sqlite3_stmt*, int, const void*, int, void (*)(void*));
int __wrap_sqlite3_bind_blob(sqlite3_stmt* s, int place, const void* data, int size,
                             void (*release)(void*)) {
  if (recorder) recorder->bind(StoreOp::blob, s, place, view(data, static_cast<unsigned>(size)));
  return __real_sqlite3_bind_blob(s, place, data, size, release);
}

int __real_sqlite3_bind_blob64(sqlite3_stmt*, int, const void*, sqlite3_uint64, void (*)(void*));
int __wrap_sqlite3_bind_blob64(sqlite3_stmt* s, int place, const void* data, sqlite3_uint64 size,
                               void (*release)(void*)) {
  if (recorder) recorder->bind(StoreOp::blob, s, place, view(data, size));
  return __real_sqlite3_bind_blob64(s, place, data, size, release);
}

int __real_sqlite3_step(sqlite3_stmt*);
int __wrap_sqlite3_step(sqlite3_stmt* s) {
  if (recorder) recorder->begin(StoreOp::step, s);
  return __real_sqlite3_step(s);
}

int __real_sqlite3_exec(sqlite3*, const char*, int (*)(void*, int, char**, char**), void*, char**);
int __wrap_sqlite3_exec(sqlite3* db, const char* sql, int (*row)(void*, int, char**, char**),
                        void* data, char** error) {
  if (recorder) recorder->execute(db, sql);
  return __real_sqlite3_exec(db, sql, row, data, error);
}

int __real_sqlite3_finalize(sqlite3_stmt*);
int __wrap_sqlite3_finalize(sqlite3_stmt* s) {
  if (recorder) recorder->forget(s);
  return __real_sqlite3_finalize(s);
}

int __real_sqlite3_close(sqlite3*);
int __wrap_sqlite3_close(sqlite3* db) {
  if (recorder != nullptr && recorder->close(db)) rehearse::bench::record_store(nullptr);
  return __real_sqlite3_close(db);
}
}
