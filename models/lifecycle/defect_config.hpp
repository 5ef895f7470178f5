// What is wrong with a model's candidates, on purpose: the member "defects".
//
//   { "kind": KIND, "version": 3 | "share": 0.1, ... }
//
//   leak {feature, reacts}   stale-window {age}   copy   swap {features}   drop {features}
//   scale {features, factor}   turn {degrees | engagement}   slow {factor}
//   crash {errors, after: DIST}
#pragma once

#include <vector>

#include "base/config.hpp"
#include "lifecycle/model_settings.hpp"
#include "models/lifecycle/feature_config.hpp"

namespace rehearse::models {

/// Throws InputError, also for a second defect of one version.
std::vector<lifecycle::DefectOf> parse_defects(const config::Node& node, const Features& features);

}  // namespace rehearse::models
