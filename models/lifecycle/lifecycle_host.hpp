// A lifecycle in a run: operations take their turns on the calendar.
//
// It is woken when the lifecycle asks for it, and when a fault on it begins or ends. What is done
// at an instant goes the way of every change of a source (SourceSystems::make), deed by deed in its
// order; what is asked is put to the graph and answered before the instant is over. Those who look
// on are told of records, then of facts and of what was served, before what was done by them.
//
// It stops at the run's duration: what is served until then is counted, nothing more is decided.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "lifecycle/lifecycle.hpp"
#include "models/host/simulation.hpp"
#include "models/lifecycle/lifecycle_config.hpp"
#include "sim/calendar.hpp"

namespace rehearse::models {

class LifecycleHost {
 public:
  /// The rest of the run, which outlives this.
  struct Surroundings {
    sim::Calendar& calendar;
    Simulation& simulation;
    const world::World& world;
    const Happenings& happenings;
  };

  /// REQUIRES: the world holds what the lifecycle has declared (lifecycle_declaration.hpp), faults
  /// of `simulation` are on declared targets. Throws InputError for a first version that cannot be
  /// trained.
  LifecycleHost(const LifecycleConfig& config, const SimulationConfig& simulation,
                const Surroundings& surroundings);

  /// Puts its first event in the calendar. To be called once, before the simulation runs.
  void start();

  const lifecycle::Lifecycle& lifecycle() const { return life_; }

 private:
  void plan();
  void wake();
  void stop();
  void fault_changed(const std::string& target, const ActiveFaults& active);
  /// Tells, does and asks until the instant has nothing more.
  void settle();
  void tell();
  void answer(const lifecycle::Inquiry& inquiry);

  Surroundings surroundings_;
  Time until_;
  lifecycle::Lifecycle life_;
  std::size_t told_ = 0;  ///< records of the lineage
  std::optional<sim::Calendar::Handle> next_;
  std::map<std::string, ActiveFaults> faults_;  ///< by target
};

}  // namespace rehearse::models
