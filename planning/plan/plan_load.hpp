// What a plan's runs say about the load: the calls to each source beside its budget, and the lower
// bounds that theory puts on searched budgets and on the calls in flight.
#pragma once

#include "planning/plan/plan.hpp"

namespace rehearse::planning {

/// Fills in sources, bottleneck and lower bounds. REQUIRES: the finding and the settings are there.
void add_load(Plan& plan, const Evaluator& evaluator);

}  // namespace rehearse::planning
