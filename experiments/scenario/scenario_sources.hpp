// The "sources" section: which systems there are, what is in them, how they change and answer.
#pragma once

#include <string>
#include <vector>

#include "base/config.hpp"
#include "base/time.hpp"
#include "experiments/scenario/scenario.hpp"

namespace rehearse::experiments {

/// Fills in shapes, contents, timeline and the sources of the simulation. `mds` is the scenario's
/// "mds" section (nullptr when absent), which names the provider files of sources that do not ship.
/// Random creations join the footprint.
/// REQUIRES: duration, buses and the footprint of models are known. Throws InputError.
void parse_sources(const config::Node& node, const config::Node* mds, Scenario& scenario);

}  // namespace rehearse::experiments
