// What watches a model: the members "monitors" and "samples".
//
//   "monitors": [ "mdl-rec-data", { a policy as in drift/policy.hpp, with "watch" } ],
//   "samples": { "current": 400, "reference": 2000 }
#pragma once

#include <vector>

#include "base/config.hpp"
#include "lifecycle/model_monitors.hpp"
#include "models/lifecycle/feature_config.hpp"

namespace rehearse::models {

/// Throws InputError, also for a policy that does not say what it looks at.
std::vector<lifecycle::WatchingPolicy> parse_monitors(const config::Node& node,
                                                      const Features& features);

/// Throws InputError.
lifecycle::SampleSettings parse_samples(const config::Node& node);

}  // namespace rehearse::models
