// How a model is trained again, and what a trained version has to show: the members "training" and
// "gates".
//
//   "training": { "on": ["drift_detected"], "every": "none", "window": "14d", "recent_window":
//   "2d",
//                 "rows": 2000, "holdout": 0.2, "ridge": 1, "warm_start": true,
//                 "joins": "as-served" | "as-of-event" | "latest",
//                 "unlabelled": "drop" | "negative", "failure": 0, "attempts": 3,
//                 "duration": DIST, "cap": { "runs": 8, "per": "7d" } | "none" },
//   "gates": { "rows": 1000, "of_each": 25, "auc_at_least": 0.55, "auc_below_production": 0.02,
//              "auc_at_most": 0.9, "missing_at_most": 0.02, "duration": DIST }
#pragma once

#include "base/config.hpp"
#include "lifecycle/model_settings.hpp"
#include "models/lifecycle/feature_config.hpp"

namespace rehearse::models {

/// Throws InputError, also for a trigger that nobody sends.
lifecycle::TrainingPlan parse_training(const config::Node& node, const Features& features);

/// Throws InputError.
lifecycle::GateSettings parse_gates(const config::Node& node);

}  // namespace rehearse::models
