// Settings of a source system: the scenario's sources.NAME section, but for what world/ reads
// itself (entities, script, trace).
#pragma once

#include <string>
#include <vector>

#include "models/sources/api_config.hpp"
#include "models/sources/change_config.hpp"
#include "models/transport/bus_config.hpp"

namespace rehearse::models {

struct SourceConfig {
  std::string name;
  std::vector<ChangeConfig> changes;
  ApiConfig api;
  std::string bus = kMainBus;
};

}  // namespace rehearse::models
