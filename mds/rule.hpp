// Inference rules: declared paths through the graph whose two ends get a derived edge.
//
//   { "name": "associatedAbTest", "inverse": "associatedModelInstance", "from": "ModelInstance",
//     "path": [ {"relation": "producedBy", "to": "PipelineRun"},
//               {"relation": "executedFor", "to": "ABTestCell"},
//               {"relation": "belongsTo", "to": "ABTest"} ] }
//
// A step follows references of the named relation; "direction": "in" follows them backwards.
#pragma once

#include <string>
#include <vector>

#include "base/config.hpp"

namespace rehearse::mds {

struct RuleStep {
  std::string relation;
  bool backwards = false;
  std::string to;  ///< entity type that the step must arrive at
};

struct Rule {
  std::string name;     ///< relation of the derived edge
  std::string inverse;  ///< its name when read from the far end
  std::string from;     ///< entity type the path starts at
  std::vector<RuleStep> path;
};

/// Parses {"rules": [...]}. Throws InputError.
std::vector<Rule> parse_rules(const config::Node& node);

}  // namespace rehearse::mds
