// Settings that can all be meant and seldom are: the user is told, and the run goes on.
#pragma once

#include <string>
#include <vector>

#include "base/config.hpp"
#include "experiments/scenario/scenario.hpp"

namespace rehearse::experiments {

/// A line for each: a period of reconciliation within which a source's budget does not reach all of
/// its entities. REQUIRES: `scenario` was parsed from `node`.
std::vector<std::string> hints_on(const Scenario& scenario, const config::Node& node);

}  // namespace rehearse::experiments
