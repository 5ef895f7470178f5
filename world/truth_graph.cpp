#include "world/truth_graph.hpp"

#include <algorithm>
#include <cassert>

#include "world/state.hpp"

namespace rehearse::world {

void TruthGraph::drop_out(Slot holder) {
  for (const TruthEdge& edge : nodes_[holder].out) {
    std::vector<TruthEdge>& in = nodes_[edge.other].in;
    assert(edge.rank < in.size() && in[edge.rank].other == holder);
    const TruthEdge moved = in.back();
    in[edge.rank] = moved;
    nodes_[moved.other].out[moved.rank].rank = edge.rank;
    in.pop_back();
  }
  nodes_[holder].out.clear();
}

// Most changes leave the references alone, and every list of the other ends is a miss of the cache.
void TruthGraph::set_out(Slot holder, const std::vector<TruthEdge>& edges) {
  const auto same = [](const TruthEdge& a, const TruthEdge& b) {
    return a.relation == b.relation && a.other == b.other && a.upstream == b.upstream;
  };
  const std::vector<TruthEdge>& held = nodes_[holder].out;
  if (std::equal(held.begin(), held.end(), edges.begin(), edges.end(), same)) return;
  drop_out(holder);
  for (TruthEdge edge : edges) {
    std::vector<TruthEdge>& in = nodes_[edge.other].in;
    std::vector<TruthEdge>& out = nodes_[holder].out;
    edge.rank = static_cast<std::uint32_t>(in.size());
    TruthEdge reverse = edge;
    reverse.other = holder;
    reverse.rank = static_cast<std::uint32_t>(out.size());
    in.push_back(reverse);
    out.push_back(edge);
  }
}

Reached TruthGraph::step(const Reached& from, std::size_t relation, std::size_t kind, bool against,
                         Slot avoid) const {
  Reached next;
  for (const auto& [slot, count] : from) {
    for (const TruthEdge& edge : against ? nodes_[slot].in : nodes_[slot].out) {
      const TruthNode& other = nodes_[edge.other];
      if (edge.relation != relation || !other.exists || other.kind != kind) continue;
      if (edge.other != avoid) next.emplace_back(edge.other, count);
    }
  }
  std::sort(next.begin(), next.end());
  std::size_t kept = 0;
  for (std::size_t i = 0; i < next.size(); ++i) {
    if (kept > 0 && next[kept - 1].first == next[i].first) {
      next[kept - 1].second += next[i].second;
    } else {
      next[kept++] = next[i];
    }
  }
  next.resize(kept);
  return next;
}

Reached TruthGraph::forward(Slot start, const Step* first, const Step* last) const {
  Reached reached = {{start, 1}};
  for (; first != last && !reached.empty(); ++first) {
    reached = step(reached, first->relation, first->kind, first->backwards, kNoSlot);
  }
  return reached;
}

Reached TruthGraph::backward(Slot end, const Step* first, const Step* last, std::size_t start_kind,
                             Slot avoid) const {
  Reached reached = {{end, 1}};
  for (; first != last && !reached.empty(); --last) {
    const std::size_t kind = last - 1 == first ? start_kind : (last - 2)->kind;
    reached = step(reached, (last - 1)->relation, kind, !(last - 1)->backwards, avoid);
  }
  return reached;
}

std::vector<Slot> TruthGraph::path(Slot start, Slot end, const Step* first,
                                   const Step* last) const {
  const auto leads_to = [](const Reached& reached, Slot slot) {
    return std::any_of(reached.begin(), reached.end(),
                       [slot](const auto& entry) { return entry.first == slot; });
  };
  if (!leads_to(forward(start, first, last), end)) return {};
  std::vector<Slot> path = {end};
  for (const Step* step = last; step != first; --step) {
    Slot lowest = kNoSlot;
    for (const auto& [slot, count] : forward(start, first, step - 1)) {
      if (slot < lowest && leads_to(forward(slot, step - 1, step), path.back())) lowest = slot;
    }
    assert(lowest != kNoSlot);
    path.push_back(lowest);
  }
  std::reverse(path.begin(), path.end());
  return path;
}

}  // namespace rehearse::world
