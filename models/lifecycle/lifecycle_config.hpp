// The scenario's section "lifecycle": models that drift, are trained again, released and rolled
// back.
//
//   "lifecycle": {
//     "models": [ ... ],                                     // model_config.hpp
//     "cluster": { "slots": 8 },
//     "signals": { "delay": DIST, "drop": 0, "duplicate": 0, "redeliver_after": "5m",
//                  "attempts": 5, "consumption": "idempotent" | "naive" },
//     "routing": { "routers": 6, "propagation": DIST, "shards": 2, "order": "load-then-route",
//                  "load": DIST, "drain": "2m" },
//     "person": { "delay": DIST, "approves": 1, "escalation": "1h" },
//     "bad": { "engagement": 0.05, "errors": 0.01, "latency": 1.25 } }
//
// Other keys of the format are refused as not built yet.
#pragma once

#include <string>
#include <vector>

#include "base/config.hpp"
#include "base/time.hpp"
#include "lifecycle/fact.hpp"
#include "lifecycle/lifecycle.hpp"

namespace rehearse::models {

struct LifecycleConfig {
  lifecycle::LifecycleSettings settings;
  lifecycle::BadFrom bad;          ///< from where on a candidate counts as bad
  Where where;                     ///< the section
  std::vector<Where> models;       ///< each model's entry
  std::vector<std::string> hints;  ///< on what is allowed and seldom meant
};

/// Throws InputError, also for models that would have the same ids.
LifecycleConfig parse_lifecycle(const config::Node& node, Duration duration);

}  // namespace rehearse::models
