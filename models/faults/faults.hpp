// Brings faults about: at the dates of their settings, on whatever takes faults by their target's
// name (sources, buses, the metadata service, its index, and what models add).
//
// Faults may overlap. What a source or a bus suffers is computed anew from the active ones whenever
// one begins or ends: slow factors multiply, chances of failure combine as independent ones, the
// lowest rate limit holds, delays and lags add up.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "models/faults/fault_config.hpp"
#include "models/host/mds_host.hpp"
#include "models/sources/api.hpp"
#include "models/sources/source_system.hpp"
#include "models/transport/bus.hpp"
#include "sim/calendar.hpp"

namespace rehearse::models {

/// The faults on one target that have begun and not ended, in the order of the settings.
using ActiveFaults = std::vector<const FaultConfig*>;

/// Told when a fault on its target begins and when it ends, with those that are active from then
/// on.
using FaultHandler =
    std::function<void(const FaultConfig& fault, bool begins, const ActiveFaults& active)>;

// What faults do to the parts of every run. REQUIRES: these outlive the handler.
FaultHandler faults_on_source(SourceSystem& system, Api& api);
FaultHandler faults_on_bus(Bus& bus);
FaultHandler faults_on_service(MdsHost& service);
FaultHandler faults_on_index(MdsHost& service);

class Faults {
 public:
  /// REQUIRES: the calendar outlives this.
  Faults(std::vector<FaultConfig> faults, sim::Calendar& calendar);

  /// Faults on this target go to this handler.
  void handle(const std::string& target, FaultHandler handler);
  /// Puts the faults in the calendar. Throws std::logic_error for a target that nobody handles.
  void start();

 private:
  void begin(std::size_t fault);
  void end(std::size_t fault);
  void tell(std::size_t fault);

  std::vector<FaultConfig> faults_;
  std::vector<bool> active_;
  std::map<std::string, FaultHandler> handlers_;
  sim::Calendar& calendar_;
};

}  // namespace rehearse::models
