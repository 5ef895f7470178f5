// What exploration takes from a scenario: its sources with what exists and the script, the service,
// and the section "explore". It has no delays, so buses, networks, faults and the speed of APIs say
// nothing to it; budgets of faults stand in their place.
#pragma once

#include "experiments/scenario/scenario.hpp"
#include "explore/system/setup.hpp"

namespace rehearse::experiments {

/// Exploration keeps no search index unless `index` asks for it: it triples the cost of a step that
/// writes. Throws InputError for a scenario that cannot be explored: one whose sources change at
/// random, which has no end, or one without a change.
explore::Setup explore_setup(const Scenario& scenario, bool index = false);

}  // namespace rehearse::experiments
