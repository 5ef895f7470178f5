#include "mds/store/symbols.hpp"

#include <cassert>

#include "mds/store/damage.hpp"

namespace rehearse::mds {

Symbols::Symbols(sqlite3* db) : insert_(db, "INSERT INTO symbol(id, name) VALUES(?1, ?2)") {
  Statement reading(db, "PRAGMA query_only");
  writing_ = !reading.step() || reading.integer(0) == 0;
  names_.emplace_back();
  symbols_.emplace("", 0);
  Statement all(db, "SELECT id, name FROM symbol ORDER BY id");
  while (all.step()) {
    if (all.integer(0) != static_cast<std::int64_t>(names_.size())) {
      refuse_unknown(static_cast<Symbol>(names_.size()));
    }
    names_.emplace_back(all.bytes(1));
    symbols_.emplace(names_.back(), static_cast<Symbol>(names_.size() - 1));
  }
}

Symbol Symbols::intern(std::string_view name) {
  if (const auto found = symbols_.find(name); found != symbols_.end()) return found->second;
  const auto symbol = static_cast<Symbol>(names_.size());
  if (writing_) insert_.bind(1, symbol).bind_text(2, name).run();
  names_.emplace_back(name);
  symbols_.emplace(names_.back(), symbol);
  return symbol;
}

Symbol Symbols::find(std::string_view name) const {
  const auto found = symbols_.find(name);
  return found != symbols_.end() ? found->second : -1;
}

void Symbols::truncate(std::size_t size) {
  assert(size > 0);  // the first is no name of the database
  while (names_.size() > size) {
    symbols_.erase(names_.back());
    names_.pop_back();
  }
}

void Symbols::refuse_unknown(Symbol symbol) {
  throw DamagedStore("the graph store is damaged: no name has the number " +
                     std::to_string(symbol));
}

}  // namespace rehearse::mds
