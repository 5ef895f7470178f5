// Which derived edges the rules give on what the graph holds, told by code of its own: neither the
// service's walker nor the oracle's, so that a claim of enrichment is not checked by itself.
//
// The graph's documents are in some state of the truth each (scripted_truth.hpp), not all of the
// same time, and the states alone say which references there are. Answers are remembered by states.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "explore/system/scripted_truth.hpp"
#include "world/inference.hpp"

namespace rehearse::explore {

class Implied {
 public:
  /// REQUIRES: `truth` outlives this. Throws InputError for rules that cannot be read.
  Implied(const ScriptedTruth& truth, const config::Node& rules);

  /// The edges implied by the documents in these states, sorted. REQUIRES: states of the truth.
  const std::vector<world::Edge>& edges(const std::vector<StateIndex>& states);

 private:
  std::vector<world::Edge> derive(const std::vector<StateIndex>& states) const;

  const ScriptedTruth& truth_;
  std::vector<world::InferenceRule> rules_;
  std::map<std::vector<StateIndex>, std::vector<world::Edge>> known_;
};

}  // namespace rehearse::explore
