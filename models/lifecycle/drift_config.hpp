// The drifts of a model's world: the member "drifts".
//
//   { "at": "20d", "kind": "sudden" | "incremental" | "gradual" | "recurring",
//     "over": "20d" (incremental, gradual), "period": "7d", "shape": "sine" | "square" (recurring),
//     "until": "never",
//     "of": "covariate" {features, shift, scale} | "concept" {rotate} | "label" {logit}
//           | "missing" {features, rate},
//     "benign": false }
#pragma once

#include <vector>

#include "base/config.hpp"
#include "base/time.hpp"
#include "learning/changing_world.hpp"
#include "models/lifecycle/feature_config.hpp"

namespace rehearse::models {

/// Throws InputError, also for a drift that begins when the run is over. Whether drifts go together
/// is what learning::ChangingWorld says.
std::vector<learning::Drift> parse_drifts(const config::Node& node, const Features& features,
                                          Duration duration);

}  // namespace rehearse::models
