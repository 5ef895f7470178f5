// The graph of the truth: who exists and who refers to whom, and walks over it.
//
// Nodes are the slots of a world. Edges are references; an edge to an entity that does not exist is
// kept, because the entity may appear, but no walk takes it. Adding and removing an edge cost a
// constant: each knows its place at the other end. Walks count paths, so that the number of paths
// under a derived edge can be kept by adding and subtracting.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "world/ordered_ids.hpp"

namespace rehearse::world {

struct TruthEdge {
  std::size_t relation = 0;
  Slot other = 0;          ///< target of an outgoing, holder of an incoming edge
  std::uint32_t rank = 0;  ///< place in the list of the other end
  bool upstream = false;
};

struct TruthNode {
  bool exists = false;
  std::size_t kind = 0;  ///< number of its type's name
  std::vector<TruthEdge> out;
  std::vector<TruthEdge> in;
};

/// A step of a rule in numbers.
struct Step {
  std::size_t relation = 0;
  std::size_t kind = 0;  ///< arrived at
  bool backwards = false;
};

/// A rule in numbers.
struct TruthRule {
  std::size_t name = 0;  ///< of the derived relation
  std::size_t from = 0;  ///< kind of the nodes where its edges start
  std::vector<Step> steps;
};

/// Nodes with the number of paths that reach them, by slot.
using Reached = std::vector<std::pair<Slot, std::int64_t>>;

class TruthGraph {
 public:
  TruthNode& node(Slot slot) { return nodes_[slot]; }
  const TruthNode& node(Slot slot) const { return nodes_[slot]; }
  std::size_t size() const { return nodes_.size(); }
  void resize(std::size_t size) { nodes_.resize(size); }

  /// Replaces the references that a node holds.
  void set_out(Slot holder, const std::vector<TruthEdge>& edges);

  /// Who is reached from `start` along steps [first, last).
  Reached forward(Slot start, const Step* first, const Step* last) const;
  /// Who reaches `end` along steps [first, last); `start_kind` is the kind of nodes before the
  /// first step. No path has `avoid` before its end.
  Reached backward(Slot end, const Step* first, const Step* last, std::size_t start_kind,
                   Slot avoid) const;
  /// A path along steps [first, last), both ends included: from the end on, the node with the
  /// lowest slot that leads there. Empty when there is none.
  std::vector<Slot> path(Slot start, Slot end, const Step* first, const Step* last) const;

 private:
  void drop_out(Slot holder);
  Reached step(const Reached& from, std::size_t relation, std::size_t kind, bool against,
               Slot avoid) const;

  std::vector<TruthNode> nodes_;
};

}  // namespace rehearse::world
