// What a model that acts in a run says of itself beforehand, so that the checks of a scenario and
// the catalogue of metrics know it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "models/faults/fault_config.hpp"
#include "world/content.hpp"
#include "world/footprint.hpp"

namespace rehearse::models {

struct Declaration {
  std::vector<world::SourceContent> population;  ///< entities of it that exist before time 0
  world::Footprint footprint;                    ///< what it may create
  /// Source and type of entities that it changes: nobody else may delete those of it.
  std::vector<std::pair<std::string, std::string>> kept;
  std::vector<FaultTarget> fault_targets;  ///< what of it faults can hit
  std::vector<std::string> models;         ///< of which there are metrics: model.<name>.*
  /// Of the scenario, that bring metrics of their own.
  std::vector<std::string> sections;
  /// For which it asks the graph: there are metrics answers.<occasion>.*.
  std::vector<std::string> occasions;
};

}  // namespace rehearse::models
