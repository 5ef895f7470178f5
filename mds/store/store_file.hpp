// The database under a store: opening and making it, the outer SQL transaction, savepoints inside
// it, commits, copies.
//
// A full disk or a failing one may undo the outer SQL transaction behind the store's back. From
// then on the file holds what the last commit left and this refuses to write: what the store keeps
// in memory would no longer agree with it.
#pragma once

#include <SQLiteCpp/Database.h>

#include <memory>
#include <string>

#include "mds/store/sqlite.hpp"
#include "mds/store/store.hpp"

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

  bool writing() const { return writing_; }

  void begin();  ///< opens the outer transaction
  void commit();
  /// Ends writing for good: what is not committed is given up.
  void give_up() { failed_ = true; }
  /// Commits when enough transactions have come together. True when it did.
  bool count_transaction();
  /// Every transaction is as durable as it will ever be, because there is no file.
  bool in_memory() const { return commit_every_ == 0; }

  void savepoint();
  void release() { release_.run(); }
  void rollback();  ///< to the innermost savepoint, and drops it

  void copy_to(const std::string& path);

 private:
  StoreFile(std::unique_ptr<SQLite::Database> db, bool writing, int commit_every);
  void require_usable() const;  ///< throws InputError after give_up()

  std::unique_ptr<SQLite::Database> db_;
  bool writing_ = false;
  int commit_every_ = 0;  ///< 0: never, in memory or for reading
  int uncommitted_ = 0;
  bool failed_ = false;
  Statement savepoint_, release_, rollback_;
};

}  // namespace rehearse::mds
