// Settings of a lifecycle that can all be meant and seldom are.
//
//   - samples so small that a policy's PSI passes its threshold by chance
//   - a canary whose looks have too few points for its rank test, or a configuration with warnings
//   - an error rule that the traffic does not feed within five minutes, or that every version
//   breaks
//   - a training that waits for drift_detected of a model without monitors
//   - gates that ask for more rows than a training has
#pragma once

#include <string>
#include <vector>

#include "base/config.hpp"
#include "lifecycle/model_settings.hpp"

namespace rehearse::models {

/// A line for each, with its place, about one entry of "models" that was parsed from `node`.
std::vector<std::string> model_hints(const config::Node& node,
                                     const lifecycle::ModelSettings& settings);

}  // namespace rehearse::models
