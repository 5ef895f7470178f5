#include "measure/edge_ledger.hpp"

#include <algorithm>
#include <cassert>
#include <cstddef>

namespace rehearse::measure {
namespace {

double share(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 1.0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

double EdgeLedger::Sizes::precision() const { return share(both, graph); }
double EdgeLedger::Sizes::recall() const { return share(both, truth); }

// Multiplicative mixing (the constants are those of splitmix64's finaliser).
std::size_t EdgeLedger::KeyHash::operator()(const Key& key) const {
  std::uint64_t x = (std::uint64_t{key.from} << 32 | key.to) ^ (std::uint64_t{key.relation} << 17);
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

EdgeLedger::EdgeLedger(const Window& window)
    : window_(window), lags_(window), retraction_lags_(window), path_lags_(window) {}

EdgeLedger::Edge& EdgeLedger::edge(const EdgeName& name) {
  const Key key{names_.number(name.from), names_.number(name.to), relations_.number(name.relation)};
  const auto [place, fresh] = places_.try_emplace(key, static_cast<std::uint32_t>(edges_.size()));
  if (fresh) {
    keys_.push_back(key);
    edges_.emplace_back();
  }
  return edges_[place->second];
}

void EdgeLedger::resize(Edge& edge, bool truth, bool graph) {
  sizes_.truth += int{truth} - int{edge.truth};
  sizes_.graph += int{graph} - int{edge.graph};
  sizes_.both += int{truth && graph} - int{edge.truth && edge.graph};
  edge.truth = truth;
  edge.graph = graph;
}

void EdgeLedger::start(const std::vector<EdgeName>& truth, const std::vector<EdgeName>& graph) {
  for (const EdgeName& name : truth) {
    Edge& e = edge(name);
    e.held = true;
    resize(e, true, e.graph);
  }
  for (const EdgeName& name : graph) {
    Edge& e = edge(name);
    resize(e, e.truth, true);
  }
  for (Edge& e : edges_) {
    e.turned = now_;
    e.lag_open = e.truth && !e.graph;
    e.phantom = e.graph && !e.held;
    if (e.phantom) ++phantoms_;
  }
}

void EdgeLedger::truth_changed(const std::vector<EdgeName>& begun,
                               const std::vector<EdgeName>& ended, Time now, TruthChange by) {
  advance(now);
  if (begun.empty() && ended.empty()) return;
  const std::uint32_t change = open_change(now);
  for (const EdgeName& name : ended) turn_truth(edge(name), false, change, by, now);
  for (const EdgeName& name : begun) turn_truth(edge(name), true, change, by, now);
  settle_one(change, now);
}

// Open until all its edges have been turned.
std::uint32_t EdgeLedger::open_change(Time now) {
  if (free_changes_.empty()) {
    free_changes_.push_back(static_cast<std::uint32_t>(changes_.size()));
    changes_.emplace_back();
  }
  const std::uint32_t change = free_changes_.back();
  free_changes_.pop_back();
  changes_[change] = {now, 1};
  return change;
}

void EdgeLedger::settle_one(std::uint32_t change, Time now) {
  assert(changes_[change].open > 0);
  if (--changes_[change].open > 0) return;
  path_lags_.add(changes_[change].at, now);
  free_changes_.push_back(change);
}

void EdgeLedger::turn_truth(Edge& e, bool holds, std::uint32_t change, TruthChange by, Time now) {
  if (e.truth == holds) return;
  if (e.lag_open) ++never_seen_;
  agree(e, now);
  resize(e, holds, e.graph);
  e.held = e.held || holds;
  e.turned = now;
  e.by = by;
  e.lag_open = holds && !e.graph;
  e.retract_open = !holds && e.graph;
  if (holds && e.graph) lags_.add(now, now);
  if (e.truth != e.graph) {
    e.change = change;
    ++changes_[change].open;
  }
}

bool EdgeLedger::graph_changed(const EdgeName& name, bool added, Time now) {
  advance(now);
  Edge& e = edge(name);
  if (e.graph == added) return false;
  if (added && !e.held && !e.phantom) {
    e.phantom = true;
    ++phantoms_;
  }
  resize(e, e.truth, added);
  e.written = now;
  if (e.lag_open && added) lags_.add(e.turned, now);
  if (e.retract_open && !added) retraction_lags_.add(e.turned, now);
  e.lag_open = e.retract_open = false;
  agree(e, now);
  return true;
}

// The graph agrees with the truth on this edge again, or the truth has come back to the graph.
void EdgeLedger::agree(Edge& e, Time now) {
  if (e.change == kNone) return;
  const std::uint32_t change = e.change;
  e.change = kNone;
  settle_one(change, now);
}

void EdgeLedger::advance(Time now) {
  assert(now_ <= now);
  const Int128 passed = (now - now_).ns;
  totals_.graph += sizes_.graph * passed;
  totals_.truth += sizes_.truth * passed;
  totals_.both += sizes_.both * passed;
  now_ = now;
}

void EdgeLedger::finish() {
  for (const Edge& e : edges_) {
    if (e.lag_open) lags_.add_censored(e.turned);
    if (e.retract_open) retraction_lags_.add_censored(e.turned);
  }
  for (const Change& change : changes_) {
    if (change.open > 0) path_lags_.add_censored(change.at);
  }
}

std::vector<EdgeLedger::Disagreement> EdgeLedger::disagreements() const {
  std::vector<Disagreement> found;
  for (std::size_t i = 0; i < edges_.size(); ++i) {
    const Edge& e = edges_[i];
    if (e.truth == e.graph) continue;
    const Key& key = keys_[i];
    found.push_back({{names_.name(key.from), relations_.name(key.relation), names_.name(key.to)},
                     e.truth,
                     !e.held,
                     e.by.document,
                     e.by.version,
                     e.turned,
                     e.written});
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace rehearse::measure
