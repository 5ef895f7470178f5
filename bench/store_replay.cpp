#include <bit>
#include <ctime>
#include <memory>
#include <stdexcept>
#include <vector>

#include "mds/store/sqlite.hpp"
#include "store_tape.hpp"
#include "store_tape_format.hpp"

namespace rehearse::bench {
namespace {

double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

std::int64_t number(sqlite3* db, const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(db, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) return -1;
  const std::int64_t value =
      sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : -1;
  sqlite3_finalize(statement);
  return value;
}

class Player {
 public:
  Player() {
    mds::configure_sqlite();  // as the store does
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(":memory:", &db_, flags, nullptr) != SQLITE_OK) {
      throw std::runtime_error("no database");
    }
  }
  ~Player() {
    for (sqlite3_stmt* statement : statements_) sqlite3_finalize(statement);
    sqlite3_close(db_);
  }
  Player(const Player&) = delete;
  Player& operator=(const Player&) = delete;

  StoreReplay play(TapeReader& tape) {
    const double begun = processor_seconds();
    std::string expected;
    while (!tape.at_end()) {
      const auto op = static_cast<StoreOp>(tape.byte());
      if (op == StoreOp::summary) {
        expected = tape.bytes();
        break;
      }
      perform(op, tape);
    }
    result_.seconds = processor_seconds() - begun;
    result_.rows = static_cast<std::uint64_t>(sqlite3_total_changes64(db_));
    const std::string found = summarise(db_);
    if (found != expected) {
      throw std::runtime_error("the replayed store differs from the run's:\n" + found + "\nnot\n" +
                               expected);
    }
    return result_;
  }

 private:
  void perform(StoreOp op, TapeReader& tape) {
    switch (op) {
      case StoreOp::statement:
        prepare(std::string(tape.bytes()));
        return;
      case StoreOp::execute:
        execute(std::string(tape.bytes()));
        return;
      case StoreOp::step:
        step(tape.number());
        return;
      default:
        bind(op, tape);
    }
  }

  void check(int status) const {
    if (status != SQLITE_OK) throw std::runtime_error(sqlite3_errmsg(db_));
  }

  void count(const char* sql) {
    ++result_.statements;
    if (std::string_view(sql).starts_with("SAVEPOINT")) ++result_.savepoints;
  }

  void prepare(const std::string& sql) {
    const int length = static_cast<int>(sql.size());
    sqlite3_stmt* statement = nullptr;
    check(sqlite3_prepare_v3(db_, sql.c_str(), length, SQLITE_PREPARE_PERSISTENT, &statement,
                             nullptr));
    statements_.push_back(statement);
  }

  void execute(const std::string& sql) {
    check(sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr));
    count(sql.c_str());
  }

  void step(std::size_t which) {
    sqlite3_stmt* statement = statements_.at(which);
    int status = SQLITE_ROW;
    while (status == SQLITE_ROW) status = sqlite3_step(statement);
    if (status != SQLITE_DONE) throw std::runtime_error(sqlite3_errmsg(db_));
    sqlite3_reset(statement);
    count(sqlite3_sql(statement));
  }

  void bind(StoreOp op, TapeReader& tape) {
    sqlite3_stmt* statement = statements_.at(tape.number());
    const int place = static_cast<int>(tape.number());
    if (op == StoreOp::null) {
      check(sqlite3_bind_null(statement, place));
    } else if (op == StoreOp::integer) {
      check(sqlite3_bind_int64(statement, place, static_cast<std::int64_t>(tape.number())));
    } else if (op == StoreOp::real) {
      check(sqlite3_bind_double(statement, place, std::bit_cast<double>(tape.number())));
    } else {
      const std::string_view bytes = tape.bytes();
      check(op == StoreOp::text
                ? sqlite3_bind_text64(statement, place, bytes.data(), bytes.size(), SQLITE_STATIC,
                                      SQLITE_UTF8)
                : sqlite3_bind_blob64(statement, place, bytes.data(), bytes.size(), SQLITE_STATIC));
    }
  }

  sqlite3* db_ = nullptr;
  std::vector<sqlite3_stmt*> statements_;
  StoreReplay result_;
};

}  // namespace

std::string summarise(sqlite3* db) {
  std::vector<std::string> tables;
  sqlite3_stmt* statement = nullptr;
  sqlite3_prepare_v2(db, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name", -1,
                     &statement, nullptr);
  while (sqlite3_step(statement) == SQLITE_ROW) {
    tables.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(statement, 0)));
  }
  sqlite3_finalize(statement);
  std::string summary = std::to_string(number(db, "PRAGMA page_count")) + " pages, " +
                        std::to_string(sqlite3_total_changes64(db)) + " changes";
  for (const std::string& table : tables) {
    summary += ", " + table + " " + std::to_string(number(db, "SELECT count(*) FROM " + table));
  }
  return summary;
}

StoreReplay replay_store(TapeReader& tape) { return Player().play(tape); }

}  // namespace rehearse::bench
