// How a candidate gets into production: the member "release".
//
//   "release": { "shadow": "none" | { "share": 0.05, "for": "1h", "errors_above": 0.01,
//                                     "latency_above": 1.25 },
//                "canary": { "share": 0.05, "for": "4h", "look": "1h",
//                            "config": "default" | "FILE" | {...},
//                            "no_data": "fail" | "extend" | "pass" },
//                "probation": "7d", "waiting": "supersede" | "queue", "keep_warm": 1,
//                "promotion": "atomic" | "two-step", "gap": "30s",
//                "on_new_version": "wait" | "restart" }
//
// A canary's configuration is what `rehearse judge --config` reads.
#pragma once

#include "base/config.hpp"
#include "lifecycle/release_flow.hpp"

namespace rehearse::models {

/// Throws InputError, also for a canary configuration about metrics that no canary has.
lifecycle::ReleaseSettings parse_release(const config::Node& node);

}  // namespace rehearse::models
