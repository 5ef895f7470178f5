// What is true about a question (world/question.hpp), by walks over the graph of the truth;
// docs/source-systems.md defines the questions. For the oracle, whose own code this is: it shares
// nothing with the service that it judges.
#pragma once

#include <string>
#include <vector>

#include "world/state.hpp"
#include "world/truth_graph.hpp"

namespace rehearse::world {

/// What the walks look at.
struct TruthView {
  const WorldState& world;
  const TruthGraph& graph;
  const std::vector<std::string>& kinds;    ///< names of types, by number
  const std::vector<std::string>& derived;  ///< names of derived relations, by number
  const std::vector<TruthRule>& rules;
};

/// The entities that answer a question, in any order, perhaps repeated. REQUIRES: `ask` is one of
/// question_names(), the entity exists.
std::vector<Slot> true_answer(const TruthView& view, const std::string& ask, Slot asked);

}  // namespace rehearse::world
