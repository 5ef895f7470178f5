// The derived edges of truth and graph side by side: precision and recall over time, and lags.
//
// T are the edges that hold in the truth by the oracle's deltas, G those in the graph. Sizes of T,
// G and their intersection change only when an edge begins or ends on one side, so their integrals
// are exact integers.
//
// Per edge: a *lag* runs from the beginning of the edge in the truth until the graph has it (0 when
// it still does); it is dropped when the truth ends first, and the edge was then never seen. A
// *retraction lag* runs from its end in the truth until the graph has dropped it; it is dropped
// when the truth begins anew. An edge is a *phantom* when the graph takes it up although it never
// held before: each fact under it was true once, together they never were. Each edge counts as one
// once.
//
// Per change of the truth that began or ended edges: the time until the graph agrees with the truth
// on each of them, then or after a later change (path_lags).
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "base/time.hpp"
#include "measure/interner.hpp"
#include "measure/lags.hpp"
#include "measure/window.hpp"
#include "world/oracle.hpp"

namespace rehearse::measure {

/// A derived edge in its own direction (an edge and its reverse are one).
using EdgeName = world::Edge;

/// Whose change of the truth turned edges, for those who ask for causes.
struct TruthChange {
  std::uint32_t document = 0xffffffff;  ///< as the recorder numbers them
  std::int64_t version = 0;
};

class EdgeLedger {
 public:
  explicit EdgeLedger(const Window& window);

  /// Edges as they are before the run starts.
  void start(const std::vector<EdgeName>& truth, const std::vector<EdgeName>& graph);
  /// A change began and ended edges in the truth.
  void truth_changed(const std::vector<EdgeName>& begun, const std::vector<EdgeName>& ended,
                     Time now, TruthChange by = {});
  /// The graph took up or dropped an edge. False when that is nothing new.
  bool graph_changed(const EdgeName& edge, bool added, Time now);
  void advance(Time now);
  /// Ends the run: counts what is unfinished.
  void finish();

  /// Integrals since time 0, edges times nanoseconds.
  struct Totals {
    Int128 graph = 0;
    Int128 truth = 0;
    Int128 both = 0;
  };
  const Totals& totals() const { return totals_; }

  struct Sizes {
    std::int64_t graph = 0;
    std::int64_t truth = 0;
    std::int64_t both = 0;
    double precision() const;  ///< 1 when the graph has none
    double recall() const;     ///< 1 when the truth has none
  };
  const Sizes& sizes() const { return sizes_; }

  /// Edges on which graph and truth disagree now, sorted.
  struct Disagreement {
    EdgeName edge;
    bool in_truth = false;  ///< missing in the graph; otherwise no longer or never true
    bool phantom = false;
    std::uint32_t document = 0xffffffff;  ///< whose change turned it in the truth, if one did
    std::int64_t version = 0;             ///< which that change made
    Time turned;                          ///< when it did
    Time written;                         ///< when the graph took it up or dropped it last
    auto operator<=>(const Disagreement&) const = default;
  };
  std::vector<Disagreement> disagreements() const;
  /// Changes of the truth with which the graph does not agree yet.
  std::size_t open_changes() const { return changes_.size() - free_changes_.size(); }

  const Lags& lags() const { return lags_; }
  const Lags& retraction_lags() const { return retraction_lags_; }
  const Lags& path_lags() const { return path_lags_; }
  std::uint64_t never_seen() const { return never_seen_; }
  std::uint64_t phantoms() const { return phantoms_; }

 private:
  struct Key {
    std::uint32_t from = 0;
    std::uint32_t to = 0;
    std::uint32_t relation = 0;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const;
  };
  struct Change {  // of the truth
    Time at;
    std::uint32_t open = 0;  // edges on which the graph does not agree yet
  };
  static constexpr std::uint32_t kNone = 0xffffffff;
  struct Edge {
    Time turned;                   // when the truth began or ended it last
    Time written;                  // when the graph took it up or dropped it last
    TruthChange by;                // of the truth, the last
    std::uint32_t change = kNone;  // whose path lag waits for this edge
    bool truth = false;
    bool graph = false;
    bool held = false;          // ever true
    bool phantom = false;       // taken up before it ever held
    bool lag_open = false;      // begun in the truth, the graph lacks it
    bool retract_open = false;  // ended in the truth, the graph still has it
  };

  Edge& edge(const EdgeName& name);
  void turn_truth(Edge& edge, bool holds, std::uint32_t change, TruthChange by, Time now);
  void agree(Edge& edge, Time now);
  std::uint32_t open_change(Time now);
  void settle_one(std::uint32_t change, Time now);
  void resize(Edge& edge, bool truth, bool graph);

  Window window_;
  Interner names_;
  Interner relations_;
  std::unordered_map<Key, std::uint32_t, KeyHash> places_;
  std::vector<Key> keys_;
  std::vector<Edge> edges_;
  std::vector<Change> changes_;              // that edges wait for; a place is used again
  std::vector<std::uint32_t> free_changes_;  // places for which none waits
  Sizes sizes_;
  Time now_;
  Totals totals_;
  Lags lags_;
  Lags retraction_lags_;
  Lags path_lags_;
  std::uint64_t never_seen_ = 0;
  std::uint64_t phantoms_ = 0;
};

}  // namespace rehearse::measure
