// What is true of a model, and who asks it: the members "features", "relation", "drifts",
// "candidates", "exploration", "traffic" and "label_delay".
//
//   "relation": { "intercept": -2, "strength": 1.5, "weights": "drawn" | [1.2, -0.4, ...],
//                 "curvature": "none" | { "feature": 0, "value": -0.25 } },
//   "traffic": { "rate": "50/s", "daily": 0.3, "peak": 20, "weekend": 1, "members": 100000,
//                "log": 400 }
#pragma once

#include "base/config.hpp"
#include "base/time.hpp"
#include "lifecycle/model_settings.hpp"
#include "models/lifecycle/feature_config.hpp"

namespace rehearse::models {

/// Fills in the settings of that name. Throws InputError.
void parse_world(config::Object& model, const Features& features, Duration duration,
                 lifecycle::ModelSettings& settings);

}  // namespace rehearse::models
