// A hash of what a store's graph says now, whatever led to it.
#pragma once

#include <cstdint>

namespace rehearse::mds {

struct StoreCore;

/// Sum of the hashes of live entities with their types, of their facts but version and creation
/// time, and of derived edges.
std::uint64_t graph_digest(const StoreCore& core);

}  // namespace rehearse::mds
