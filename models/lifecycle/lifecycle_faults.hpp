// What faults can do to a lifecycle.
//
//   target       kind
//   signals      outage | drop {probability} | duplicate {probability} | delay {delay: DIST}
//   rules        outage (no router applies a rule)
//   cluster      outage (no training starts)
//   metrics      outage {arm: "all" | "production" | "baseline" | "canary"}
//   model:NAME   errors {rate} | slow {factor}
//
// Faults may overlap: chances combine as independent ones, factors multiply; one delay at a time.
#pragma once

#include <string>
#include <vector>

#include "lifecycle/conditions.hpp"
#include "models/faults/fault_config.hpp"

namespace rehearse::models {

struct SignalFault {
  bool outage = false;
  double drop = 0;
  double duplicate = 0;
  std::optional<stats::Distribution> delay = {};
};

/// No router applies a rule.
struct RulesFault {};

/// No training starts.
struct ClusterFault {};

struct MetricsFault {
  std::set<lifecycle::Role> arms;
};

struct ModelFault {
  std::string model;
  double errors = 0;
  double slower = 1;
};

/// What of a lifecycle faults can hit, by the names of its models.
std::vector<FaultTarget> lifecycle_fault_targets(const std::vector<std::string>& models);

/// Adds what an active fault does. REQUIRES: a fault on one of the targets above.
void add(const FaultConfig& fault, lifecycle::Conditions& conditions);

}  // namespace rehearse::models
