// Why a derived edge is missing in the graph, or still in it: which entity's change turned the edge
// in the truth, which document on the path of a missing edge is stale or absent, when the change
// reached the graph, and what enrichment did since.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "measure/cause.hpp"
#include "measure/recorder.hpp"

namespace rehearse::measure {

/// The documents on a path under an edge that holds in the truth, from its start to its end; none
/// where that is not known.
using Routes = std::function<std::vector<std::string>(const EdgeName&)>;

/// `routes` may be empty. REQUIRES: graph and truth disagree on the edge.
Cause find_edge_cause(const Recorder& recorder, const EdgeLedger::Disagreement& edge,
                      const Routes& routes, const std::string& moment);

}  // namespace rehearse::measure
