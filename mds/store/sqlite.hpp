// A thin hold on SQLite's C interface for the store's hot paths: a prepared statement that is
// bound, stepped and reset without allocating, and one place that tells users' errors from bugs.
//
// Pages that SQLite finds damaged are a DamagedStore. A full disk, a file that is no database or
// may not be written is an InputError that names the file; any other failure is a bug and a
// std::logic_error. Texts and blobs are bound without a copy: REQUIRES: what is bound outlives the
// step.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace rehearse::mds {

/// Switches off SQLite's count of the memory it holds, which takes one lock of the whole process
/// with every allocation. To be called before the first database is opened; has no effect after.
void configure_sqlite();

/// Throws for a failed call on `db`.
[[noreturn]] void throw_sqlite_error(sqlite3* db);

class Statement {
 public:
  Statement() = default;
  Statement(sqlite3* db, const std::string& sql);

  Statement& bind(int index, std::int64_t value);
  Statement& bind(int index, int value) { return bind(index, std::int64_t{value}); }
  Statement& bind(int index, double value);
  Statement& bind_text(int index, std::string_view value);
  Statement& bind_blob(int index, std::string_view value);
  Statement& bind_null(int index);

  bool step();  ///< true when there is a row
  void run();   ///< for statements without rows; ready to be bound again afterwards
  void reset();

  std::int64_t integer(int column) const;
  double real(int column) const;
  bool is_null(int column) const;
  /// Text or blob; valid until the next step or reset.
  std::string_view bytes(int column) const;

 private:
  struct Finalise {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  void check(int status) const;
  std::unique_ptr<sqlite3_stmt, Finalise> statement_;
};

/// Resets a statement when the scope ends, so that no cursor stays open.
class ResetAtEnd {
 public:
  explicit ResetAtEnd(Statement& statement) : statement_(statement) {}
  ~ResetAtEnd() { statement_.reset(); }
  ResetAtEnd(const ResetAtEnd&) = delete;
  ResetAtEnd& operator=(const ResetAtEnd&) = delete;

 private:
  Statement& statement_;
};

/// Runs statements without parameters.
void execute(sqlite3* db, const std::string& sql);

}  // namespace rehearse::mds
