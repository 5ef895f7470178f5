// A deed of operations as the change of a source that it is.
#pragma once

#include "lifecycle/deeds.hpp"
#include "world/world.hpp"

namespace rehearse::models {

/// Fields get the kind that the shipped source gives them. REQUIRES: a type and attributes that the
/// source has.
world::Operation operation_of(const lifecycle::Deed& deed);

}  // namespace rehearse::models
