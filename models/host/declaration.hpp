// What a model that acts in a run says of itself beforehand, so that the checks of a scenario and
// the catalogue of metrics know it.
#pragma once

#include <string>
#include <vector>

#include "models/faults/fault_config.hpp"
#include "world/footprint.hpp"

namespace rehearse::models {

struct Declaration {
  world::Footprint footprint;              ///< what it may create
  std::vector<FaultTarget> fault_targets;  ///< what of it faults can hit
  std::vector<std::string> models;         ///< of which there are metrics: model.<name>.*
  /// Of the scenario, that bring metrics of their own.
  std::vector<std::string> sections;
  /// For which it asks the graph: there are metrics answers.<occasion>.*.
  std::vector<std::string> occasions;
};

}  // namespace rehearse::models
