// Documents whose rows in the search index are not what the graph's facts are: since when, and
// whether the rows still wait for the index or were lost. Only an index that follows the facts has
// any.
#pragma once

#include <cstdint>
#include <map>

#include "base/time.hpp"

namespace rehearse::measure {

class IndexLog {
 public:
  struct Row {
    Time since;         ///< of the first transaction that the index does not show
    bool lost = false;  ///< nothing will write it but a later change
    Time lost_at;
  };

  void waits(std::uint32_t document, Time now) {
    Row& row = rows_.emplace(document, Row{now, false, {}}).first->second;
    row.lost = false;
  }
  void lost(std::uint32_t document, Time now) {
    Row& row = rows_.emplace(document, Row{now, false, {}}).first->second;
    row.lost = true;
    row.lost_at = now;
  }
  void shown(std::uint32_t document) { rows_.erase(document); }

  const std::map<std::uint32_t, Row>& rows() const { return rows_; }

 private:
  std::map<std::uint32_t, Row> rows_;
};

}  // namespace rehearse::measure
