// Why the graph says what it says of an entity: every datom that was written about it, and the
// facts that its derived edges rest on.
#pragma once

#include <vector>

#include "mds/graph/graph_types.hpp"
#include "mds/store/fact_view.hpp"

namespace rehearse::mds {

/// Every datom about an entity up to the view's moment, oldest first.
std::vector<HistoryEntry> history_of(const FactView& view, EntityId id);

/// What the derived edges that start at a live entity rest on, sorted by edge.
std::vector<Provenance> provenance_of(const FactView& view, EntityId id);

}  // namespace rehearse::mds
