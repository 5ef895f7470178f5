// Who owns an entity, and whether they are still there: who has left owns on until somebody says
// otherwise, and whoever asks about a change must know that nobody will answer.
#pragma once

#include <vector>

#include "mds/store/fact_view.hpp"

namespace rehearse::mds {

/// Whom the facts of an entity name as owners, ascending: live ones, and those who are gone at
/// their source. An owner known by reference only is not among them.
std::vector<EntityId> owner_ids(const FactView& view, EntityId id);

/// The identity platform says that this owner has left, or has it no longer.
bool has_left(const FactView& view, EntityId owner);

}  // namespace rehearse::mds
