#include <algorithm>
#include <array>

#include "mds/store/consistency_parts.hpp"

namespace rehearse::mds {
namespace {

// Rows of a table that must not be there, and what is to be said of them.
struct Wrong {
  const char* table;
  const char* where;
  const char* what;
};

constexpr const char* kNoTransaction = "of transactions that are not there";
constexpr const char* kNoEntity = "of entities that are not there";
constexpr const char* kTx = "tx NOT IN (SELECT id FROM tx)";
constexpr const char* kEntity = "entity NOT IN (SELECT id FROM entity)";

constexpr std::array kWrong = {
    Wrong{"change", kTx, kNoTransaction},
    Wrong{"back", kTx, kNoTransaction},
    Wrong{"dead_letter", kTx, kNoTransaction},
    Wrong{"pass", kTx, kNoTransaction},
    Wrong{"enriched", kTx, kNoTransaction},
    Wrong{"change", "(id >> 32) NOT IN (SELECT id FROM entity)", kNoEntity},
    Wrong{"back", "target NOT IN (SELECT id FROM entity)", kNoEntity},
    Wrong{"back", "source NOT IN (SELECT id FROM entity)", kNoEntity},
    Wrong{"enriched", kEntity, kNoEntity},
    Wrong{"work_touched", kEntity, kNoEntity},
    Wrong{"work_marked", kEntity, kNoEntity},
    Wrong{"work_renamed", kEntity, kNoEntity},
    Wrong{"work_outdated", kEntity, kNoEntity},
    Wrong{"tx", "at < 0", "earlier than the start of the run"},
    Wrong{"dead_letter", "at < 0", "earlier than the start of the run"},
    Wrong{"tx", "kind NOT BETWEEN 0 AND 4", "with a cause that does not exist"},
    Wrong{"tx", "event < 0 OR request < 0", "with an event or a call that cannot be"},
    Wrong{"back", "added NOT IN (0, 1)", "that neither add an edge nor take it away"},
    Wrong{"entity", "life NOT BETWEEN 0 AND 2", "with a life that does not exist"},
    Wrong{"entity", "type <> 0 AND type NOT IN (SELECT id FROM symbol)", "of no known type"},
    Wrong{"back", "attribute NOT IN (SELECT id FROM symbol)", "of no known attribute"},
    Wrong{"symbol", "id NOT IN (SELECT min(id) FROM symbol GROUP BY name)", "given twice"},
};

// In the index that follows the facts; there in such stores only.
constexpr std::array kWrongBacklog = {Wrong{"index_due", kTx, kNoTransaction},
                                      Wrong{"index_due", kEntity, kNoEntity}};

void check_rows(sqlite3* db, const Wrong& wrong, Problems& problems) {
  const std::string from = std::string(" FROM ") + wrong.table + " WHERE " + wrong.where;
  const std::int64_t rows = number_of(db, "SELECT count(*)" + from);
  if (rows == 0) return;
  problems.add(std::string("table ") + wrong.table + ": " + std::to_string(rows) +
               (rows == 1 ? " row " : " rows ") + wrong.what);
}

// SQLite lets any column hold anything; what is declared is what is written.
void check_types(sqlite3* db, const std::string& table, Problems& problems) {
  Statement columns(db, "SELECT lower(type), name FROM pragma_table_info('" + table + "')");
  while (columns.step()) {
    const std::string type(columns.bytes(0));
    const std::string name(columns.bytes(1));
    const std::int64_t rows =
        number_of(db, "SELECT count(*) FROM " + table + " WHERE \"" + name +
                          "\" IS NOT NULL AND typeof(\"" + name + "\") <> '" + type + "'");
    if (rows == 0) continue;
    problems.add("table " + table + ": " + std::to_string(rows) + (rows == 1 ? " row" : " rows") +
                 " whose " + name + " is no " + type);
  }
}

}  // namespace

std::int64_t number_of(sqlite3* db, const std::string& sql) {
  Statement statement(db, sql);
  return statement.step() ? statement.integer(0) : 0;
}

void check_values(const StoreCore& core, Problems& problems) {
  for (const char* table :
       {"symbol", "entity", "tx", "change", "back", "work_touched", "work_marked", "work_renamed",
        "work_outdated", "pass", "enriched", "dead_letter", "relation", "rule", "rule_step"}) {
    check_types(core.db, table, problems);
  }
  const auto names = static_cast<std::int64_t>(core.symbols.size()) - 1;
  if (core.log.last_tx() > 0 &&
      number_of(core.db, "SELECT count(*) FROM symbol WHERE id BETWEEN 1 AND " +
                             std::to_string(names)) != names) {
    problems.add("table symbol: names are not numbered without gaps");
  }
  for (const Wrong& wrong : kWrong) check_rows(core.db, wrong, problems);
  if (!core.backlog) return;
  check_types(core.db, "index_due", problems);
  for (const Wrong& wrong : kWrongBacklog) check_rows(core.db, wrong, problems);
}

}  // namespace rehearse::mds
