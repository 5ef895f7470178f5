// Where the metadata fall short.
#pragma once

#include <vector>

#include "base/time.hpp"
#include "mds/graph/graph.hpp"

namespace rehearse::mds {

struct QualityReport {
  std::vector<EntitySummary> without_owner;
  std::vector<EntitySummary> owner_left;  ///< an owner is unknown at the source, or has left
  std::vector<EntitySummary> without_description;
  std::vector<StoredFact> unresolved;  ///< references to what was never hydrated or is gone
  std::vector<EntitySummary> unverified;
};

/// `verified_since`: earlier verifications are too old.
QualityReport quality(const Graph& graph, Time verified_since);

}  // namespace rehearse::mds
