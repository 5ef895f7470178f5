// Settings that are right each by itself and cannot all be meant: a source that is never asked
// beside an expectation of freshness, two faults that say different things about one moment, faults
// and expectations that nothing can meet, or that nothing can fail, and questions about what never
// exists. To run them would give figures that mislead.
//
// Each is an InputError at one of the settings that says what the other is and what to change.
#pragma once

#include "base/config.hpp"
#include "experiments/scenario/scenario.hpp"

namespace rehearse::experiments {

/// REQUIRES: `scenario` was parsed from `node`. Throws InputError.
void check_contradictions(const Scenario& scenario, const config::Node& node);

}  // namespace rehearse::experiments
