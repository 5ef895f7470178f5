// The operations of a run, where its scenario has a lifecycle, and what is measured of them.
#pragma once

#include <vector>

#include "experiments/scenario/scenario.hpp"
#include "measure/lifecycle_log.hpp"
#include "measure/registry_watch.hpp"
#include "models/lifecycle/lifecycle_host.hpp"
#include "reports/summary.hpp"

namespace rehearse::experiments {

/// What is measured of a scenario's lifecycle. REQUIRES: it has one.
measure::LifecycleLogConfig lifecycle_log_config(const Scenario& scenario);

class Operations {
 public:
  /// REQUIRES: the scenario has a lifecycle; `surroundings` outlive this. Throws as LifecycleHost.
  Operations(const Scenario& scenario, const models::SimulationConfig& simulation,
             const models::LifecycleHost::Surroundings& surroundings);

  /// To be called once, before the simulation runs; `truth` is what exists then.
  void start(const std::vector<world::Truth>& truth, models::Happenings& happenings);

  /// Ends what is measured and adds it. Call once.
  void finish(reports::RunResult& result, measure::Detail detail);

 private:
  models::LifecycleHost host_;
  measure::LifecycleLog log_;
  measure::RegistryWatch registry_;
};

}  // namespace rehearse::experiments
