#include <algorithm>
#include <iterator>
#include <tuple>

#include "mds/store/consistency_parts.hpp"

namespace rehearse::mds {
namespace {

/// A row of the table: (target, attribute, source, transaction, whether it adds).
using Row = std::tuple<EntityId, Symbol, EntityId, std::int64_t, bool>;

bool same_key(const Row& a, const Row& b) {
  return std::get<0>(a) == std::get<0>(b) && std::get<1>(a) == std::get<1>(b) &&
         std::get<2>(a) == std::get<2>(b) && std::get<3>(a) == std::get<3>(b);
}

// Parts are not read backwards, and an edge that rests on another path is the same edge.
std::vector<Row> rows_of_log(const StoreCore& core) {
  std::vector<Row> rows;
  Statement changes(core.db, "SELECT id >> 32, tx, datoms FROM change ORDER BY id");
  while (changes.step()) {
    std::string_view change = changes.bytes(2);
    take_change_head(change);
    Datom datom;
    while (take_datom(change, datom)) {
      const PackedFact& fact = datom.fact;
      if (!is_edge(fact) || fact.attribute == kPart || datom.op == DatomOp::replaced) continue;
      rows.emplace_back(target_of(fact), fact.attribute, changes.integer(0), changes.integer(1),
                        datom.op == DatomOp::added);
    }
  }
  // What a transaction said last about an edge is what counts.
  std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
    return std::tie(std::get<0>(a), std::get<1>(a), std::get<2>(a), std::get<3>(a)) <
           std::tie(std::get<0>(b), std::get<1>(b), std::get<2>(b), std::get<3>(b));
  });
  std::vector<Row> last;
  for (const Row& row : rows) {
    if (!last.empty() && same_key(last.back(), row)) last.pop_back();
    last.push_back(row);
  }
  return last;
}

std::vector<Row> rows_of_table(const StoreCore& core) {
  std::vector<Row> rows;
  Statement back(core.db,
                 "SELECT target, attribute, source, tx, added FROM back "
                 "ORDER BY target, attribute, source, tx");
  while (back.step()) {
    rows.emplace_back(back.integer(0), static_cast<Symbol>(back.integer(1)), back.integer(2),
                      back.integer(3), back.integer(4) != 0);
  }
  return rows;
}

}  // namespace

void check_back_edges(const StoreCore& core, Problems& problems) {
  const std::vector<Row> log = rows_of_log(core);
  const std::vector<Row> table = rows_of_table(core);
  std::vector<Row> different;
  std::set_symmetric_difference(log.begin(), log.end(), table.begin(), table.end(),
                                std::back_inserter(different));
  for (const auto& [target, attribute, source, tx, added] : different) {
    problems.add("entity " + core.entities.uri(source) + ": its edge " +
                 core.symbols.name(attribute) + " to " + core.entities.uri(target) +
                 " is known in one direction only, " + (added ? "since" : "until") +
                 " transaction " + std::to_string(tx));
  }
}

}  // namespace rehearse::mds
