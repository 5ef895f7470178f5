#include "mds/store/fact_difference.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

namespace rehearse::mds {
namespace {

bool by_bytes(const PackedFact& a, const PackedFact& b) { return a.bytes < b.bytes; }

}  // namespace

// Both sides are grouped by attribute in the order of names, so groups meet in one merge.
void FactDifference::find(std::string_view before, std::string_view after) {
  take_apart(before, before_);
  take_apart(after, after_);
  datoms_.clear();
  const auto group_end = [](const std::vector<PackedFact>& facts, std::size_t at) {
    const Symbol attribute = facts[at].attribute;
    while (at < facts.size() && facts[at].attribute == attribute) ++at;
    return at;
  };
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < before_.size() || j < after_.size()) {
    int order = 0;
    if (i == before_.size()) {
      order = 1;
    } else if (j == after_.size()) {
      order = -1;
    } else if (before_[i].attribute != after_[j].attribute) {
      order = symbols_.name(before_[i].attribute).compare(symbols_.name(after_[j].attribute));
    }
    const std::size_t old_end = order <= 0 ? group_end(before_, i) : i;
    const std::size_t new_end = order >= 0 ? group_end(after_, j) : j;
    find_in_group(i, old_end, j, new_end);
    i = old_end;
    j = new_end;
  }
}

void FactDifference::find_in_group(std::size_t old_begin, std::size_t old_end,
                                   std::size_t new_begin, std::size_t new_end) {
  const auto old_at = before_.begin() + static_cast<std::ptrdiff_t>(old_begin);
  const auto old_stop = before_.begin() + static_cast<std::ptrdiff_t>(old_end);
  const auto new_at = after_.begin() + static_cast<std::ptrdiff_t>(new_begin);
  const auto new_stop = after_.begin() + static_cast<std::ptrdiff_t>(new_end);
  if (old_end - old_begin == 1 && new_end - new_begin == 1) {
    if (old_at->bytes == new_at->bytes) return;
    if (!is_edge(*old_at) && !is_edge(*new_at)) {
      datoms_.push_back({DatomOp::replaced, *new_at, *old_at});
      return;
    }
  }
  std::sort(old_at, old_stop, by_bytes);
  std::sort(new_at, new_stop, by_bytes);
  std::vector<PackedFact> gone;
  std::vector<PackedFact> come;
  std::set_difference(old_at, old_stop, new_at, new_stop, std::back_inserter(gone), by_bytes);
  std::set_difference(new_at, new_stop, old_at, old_stop, std::back_inserter(come), by_bytes);
  for (const PackedFact& fact : gone) datoms_.push_back({DatomOp::retracted, fact, {}});
  for (const PackedFact& fact : come) datoms_.push_back({DatomOp::added, fact, {}});
}

void FactDifference::find_edges(std::string_view before, std::string_view after, bool retract) {
  take_apart(before, before_);
  take_apart(after, after_);
  datoms_.clear();
  using Key = std::pair<Symbol, EntityId>;
  std::map<Key, PackedFact> had;
  for (const PackedFact& edge : before_) had[{edge.attribute, target_of(edge)}] = edge;
  for (const PackedFact& edge : after_) {
    const auto same = had.find({edge.attribute, target_of(edge)});
    if (same == had.end()) {
      datoms_.push_back({DatomOp::added, edge, {}});
      continue;
    }
    if (same->second.bytes != edge.bytes) datoms_.push_back({DatomOp::replaced, edge, {}});
    had.erase(same);
  }
  if (!retract) return;
  for (const auto& [key, edge] : had) datoms_.push_back({DatomOp::retracted, edge, {}});
}

void FactDifference::retract_edges(std::string_view edges) {
  PackedFact edge;
  while (take_fact(edges, edge)) datoms_.push_back({DatomOp::retracted, edge, {}});
}

std::string FactDifference::applied_to_edges() const {
  FactFold fold;
  for (const PackedFact& edge : before_) fold.apply({DatomOp::added, edge, {}});
  for (const Datom& datom : datoms_) fold.apply(datom);
  std::string packed;
  for (const PackedFact& edge : fold.facts()) packed.append(edge.bytes);
  return packed;
}

}  // namespace rehearse::mds
