#include "mds/store/store_file.hpp"

#include <SQLiteCpp/Exception.h>

#include <filesystem>
#include <system_error>
#include <utility>

#include "base/error.hpp"
#include "mds/store/store_schema.hpp"
#include "mds/store/store_whole.hpp"

namespace rehearse::mds {
namespace {

constexpr const char* kMemory = ":memory:";

std::unique_ptr<SQLite::Database> open_database(const std::string& path, int flags) {
  configure_sqlite();
  try {
    return std::make_unique<SQLite::Database>(path, flags | SQLITE_OPEN_NOMUTEX);
  } catch (const SQLite::Exception& error) {
    throw InputError({path, "", 0, 0},
                     std::string("the graph store cannot be opened: ") + error.what());
  }
}

}  // namespace

StoreFile::StoreFile(std::unique_ptr<SQLite::Database> db, bool writing, int commit_every)
    : db_(std::move(db)),
      writing_(writing),
      commit_every_(commit_every),
      savepoint_(db_->getHandle(), "SAVEPOINT s"),
      release_(db_->getHandle(), "RELEASE s"),
      rollback_(db_->getHandle(), "ROLLBACK TO s") {}

StoreFile StoreFile::create(const StoreOptions& options, const Schema& schema) {
  const bool memory = options.path.empty();
  auto db =
      open_database(memory ? kMemory : options.path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  sqlite3* handle = db->getHandle();
  execute(handle, "PRAGMA temp_store = MEMORY");
  execute(handle, "PRAGMA foreign_keys = OFF");
  if (memory && options.fingerprint) {
    // Made to be branched: a savepoint copies every page that is written to, and goes through the
    // copies one after the other when it is undone.
    execute(handle, "PRAGMA page_size = 512");
    execute(handle, "PRAGMA secure_delete = OFF");
  }
  if (!memory) {
    execute(handle, "PRAGMA locking_mode = EXCLUSIVE");
    execute(handle, "PRAGMA journal_mode = TRUNCATE");
    execute(handle, "PRAGMA synchronous = NORMAL");
    execute(handle, "PRAGMA cache_size = -262144");
  }
  const bool made_before = !is_new_store(handle);
  if (made_before) require_whole(handle);
  if (!made_before) {
    create_tables(handle, schema, options.index, options.index_after);
  } else if (read_schema(handle) != schema) {
    throw InputError({options.path, "", 0, 0}, "was made with other providers or inference rules");
  } else if (has_index(handle) != options.index) {
    throw InputError({options.path, "", 0, 0}, options.index ? "was made without a search index"
                                                             : "was made with a search index");
  } else if (options.index && has_index_backlog(handle) != options.index_after) {
    throw InputError({options.path, "", 0, 0},
                     options.index_after
                         ? "was made with a search index that is written with the facts"
                         : "was made with a search index that follows the facts");
  }
  return {std::move(db), true, memory ? 0 : options.commit_every};
}

StoreFile StoreFile::open(const std::string& path) {
  if (!std::filesystem::exists(path)) {
    throw InputError({path, "", 0, 0}, "the file does not exist");
  }
  // Writing is asked for only so that what a crash left half written can be undone.
  std::unique_ptr<SQLite::Database> db;
  try {
    db = open_database(path, SQLite::OPEN_READWRITE);
  } catch (const InputError&) {
    db = open_database(path, SQLite::OPEN_READONLY);
  }
  execute(db->getHandle(), "PRAGMA cache_size = -262144");
  if (is_new_store(db->getHandle())) {
    throw InputError({path, "", 0, 0}, "is an empty database and not a graph store");
  }
  require_whole(db->getHandle());
  // Whoever meets damage while reading must not write over it.
  execute(db->getHandle(), "PRAGMA query_only = 1");
  return {std::move(db), false, 0};
}

StoreFile::~StoreFile() {
  if (!db_ || !writing_ || failed_) return;  // closing undoes what is not committed
  try {
    execute(db_->getHandle(), "COMMIT");
  } catch (const std::exception&) {
    // Nobody is left to be told; the file holds all up to the last commit.
  }
}

void StoreFile::begin() { execute(db_->getHandle(), "BEGIN"); }

void StoreFile::commit() {
  require_usable();
  try {
    execute(db_->getHandle(), "COMMIT");
    begin();
  } catch (...) {
    give_up();
    throw;
  }
  uncommitted_ = 0;
}

bool StoreFile::count_transaction() {
  if (commit_every_ == 0 || ++uncommitted_ < commit_every_) return false;
  commit();
  return true;
}

void StoreFile::require_usable() const {
  if (!failed_) return;
  const char* path = sqlite3_db_filename(db_->getHandle(), "main");
  throw InputError({path != nullptr ? path : "", "", 0, 0},
                   "an earlier error has ended writing; open the graph store again");
}

void StoreFile::savepoint() {
  require_usable();
  savepoint_.run();
}

void StoreFile::rollback() {
  if (sqlite3_get_autocommit(db_->getHandle()) != 0) give_up();  // undone already, and more
  if (failed_) return;
  rollback_.run();
  release_.run();
}

void StoreFile::copy_to(const std::string& path) {
  if (std::filesystem::exists(path)) {
    throw InputError({path, "", 0, 0}, "already exists; a copy of the store must be a new file");
  }
  require_usable();
  execute(db_->getHandle(), "COMMIT");
  try {
    Statement copy(db_->getHandle(), "VACUUM INTO ?1");
    copy.bind_text(1, path).run();
  } catch (const InputError&) {
    const std::string why = sqlite3_errmsg(db_->getHandle());
    std::error_code ignored;
    std::filesystem::remove(path, ignored);  // half a copy is none
    begin();
    throw InputError({path, "", 0, 0}, "the copy of the store cannot be written: " + why);
  }
  begin();
}

}  // namespace rehearse::mds
