// Names that recur (attributes, entity types, derived relations) as small numbers, so that rows
// hold and code compares integers. Symbol 0 is the empty name. Names are never forgotten but by a
// rollback past their first use. Whoever only reads keeps new ones to itself: a store that was just
// made has none yet.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "mds/store/packed_facts.hpp"
#include "mds/store/sqlite.hpp"

namespace rehearse::mds {

class Symbols {
 public:
  /// REQUIRES: the table exists.
  explicit Symbols(sqlite3* db);

  Symbol intern(std::string_view name);
  /// -1 when the name was never used.
  Symbol find(std::string_view name) const;
  /// Throws InputError for a number that no name has: the file is damaged.
  const std::string& name(Symbol symbol) const {
    if (static_cast<std::size_t>(symbol) >= names_.size()) refuse_unknown(symbol);
    return names_[static_cast<std::size_t>(symbol)];
  }
  std::size_t size() const { return names_.size(); }

  /// Forgets all but the first `size` names, after the database has been rolled back.
  void truncate(std::size_t size);

 private:
  [[noreturn]] static void refuse_unknown(Symbol symbol);
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };
  std::vector<std::string> names_;
  std::unordered_map<std::string, Symbol, Hash, std::equal_to<>> symbols_;
  bool writing_ = true;
  Statement insert_;
};

}  // namespace rehearse::mds
