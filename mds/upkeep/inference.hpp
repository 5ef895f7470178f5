// Walking the inference rules.
//
// Derived edges belong to the entity at which their path starts. A change only queues the entity
// whose facts changed; `mark_starts` then walks rules backwards from it to every start whose paths
// may run through it. That is exact enough on the graph as it stands by then: of all that changed
// on a path, the change nearest to the start has an intact path before it, and is queued itself.
// `derive` walks forwards, level by level, so the cost is the number of entities reached and not of
// paths. The witness of an edge is the path that has the smallest entity numbers, from the end
// back.
#pragma once

#include <string>
#include <vector>

#include "mds/store/compiled_schema.hpp"
#include "mds/store/packed_facts.hpp"

namespace rehearse::mds {

struct StoreCore;

/// Queues as marked every entity whose derived edges a change at `entity` may concern.
void mark_starts(StoreCore& core, EntityId entity);

/// The derived edges that the rules give for an entity on the facts as they stand, packed: in the
/// order of rules, then of targets.
std::string derive(const StoreCore& core, EntityId start);

}  // namespace rehearse::mds
