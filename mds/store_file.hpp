// The database under a store: opening and making it, the outer SQL transaction, savepoints inside
// it, commits, copies.
#pragma once

#include <SQLiteCpp/Database.h>

#include <memory>
#include <string>

#include "mds/sqlite.hpp"
#include "mds/store.hpp"

namespace rehearse::mds {

class StoreFile {
 public:
  /// Opens a store for writing, or makes a new one. Throws InputError.
  static StoreFile create(const StoreOptions& options, const Schema& schema);
  /// Opens an existing store for reading. Throws InputError.
  static StoreFile open(const std::string& path);
  StoreFile(StoreFile&&) = default;
  ~StoreFile();  ///< commits what is complete

  sqlite3* handle() const { return db_->getHandle(); }

  void begin();  ///< opens the outer transaction
  void commit();
  /// Commits when enough transactions have come together.
  void count_transaction();

  void savepoint() { savepoint_.run(); }
  void release() { release_.run(); }
  void rollback();  ///< to the innermost savepoint, and drops it

  void copy_to(const std::string& path);

 private:
  StoreFile(std::unique_ptr<SQLite::Database> db, bool writing, int commit_every);

  std::unique_ptr<SQLite::Database> db_;
  bool writing_ = false;
  int commit_every_ = 0;  ///< 0: never, in memory
  int uncommitted_ = 0;
  bool failed_ = false;
  Statement savepoint_, release_, rollback_;
};

}  // namespace rehearse::mds
