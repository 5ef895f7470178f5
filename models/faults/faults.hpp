// Brings faults about: at the dates of their settings, on sources, buses and the metadata service.
//
// Faults may overlap. What a target suffers is computed anew from the active ones whenever one
// begins or ends: slow factors multiply, chances of failure combine as independent ones, the lowest
// rate limit holds, delays and lags add up.
#pragma once

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

/// What faults can hit.
struct FaultTargets {
  struct Source {
    SourceSystem* system = nullptr;
    Api* api = nullptr;
  };
  std::map<std::string, Source> sources;
  std::map<std::string, Bus*> buses;
  MdsHost* service = nullptr;
};

class Faults {
 public:
  /// REQUIRES: names in `faults` are those of targets; the calendar outlives this.
  Faults(std::vector<FaultConfig> faults, FaultTargets targets, sim::Calendar& calendar);

  /// Puts the faults in the calendar.
  void start();

 private:
  void begin(std::size_t fault);
  void end(std::size_t fault);
  void update_target(const FaultConfig& changed);
  void update_source(const std::string& name);
  void update_bus(const std::string& name);

  std::vector<FaultConfig> faults_;
  std::vector<bool> active_;
  FaultTargets targets_;
  sim::Calendar& calendar_;
};

}  // namespace rehearse::models
