// Why a derived edge is missing in the graph, or still in it: which entity's change turned the edge
// in the truth, when that change reached the graph, and what enrichment did since.
#pragma once

#include <string>

#include "reports/cause.hpp"
#include "reports/recorder.hpp"

namespace rehearse::reports {

/// `stale`: documents whose copies differ from the truth, ascending by URI. REQUIRES: graph and
/// truth disagree on the edge.
Cause find_edge_cause(const Recorder& recorder, const EdgeLedger::Disagreement& edge,
                      const std::vector<std::uint32_t>& stale, const std::string& moment);

}  // namespace rehearse::reports
