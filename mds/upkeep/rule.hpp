// Inference rules: declared paths through the graph whose two ends get a derived edge.
//
//   { "name": "associatedAbTest", "inverse": "associatedModelInstance", "from": "ModelInstance",
//     "path": [ {"relation": "producedBy", "to": "PipelineRun"},
//               {"relation": "executedFor", "to": "ABTestCell"},
//               {"relation": "belongsTo", "to": "ABTest"} ] }
//
// A step follows references of the named relation; "direction": "in" follows them backwards. A
// step, and the rule for its start, may ask for a value: "where": {"attribute": "state", "equals":
// "..."}. All entities on a path are live and of the named types. A path may pass an entity twice
// but does not end where it began.
//
//   { "name": "similarTo", "from": "ModelInstance",
//     "similar": { "relation": "uses", "to": "Feature", "threshold": 0.5 } }
//
// joins entities whose sets of targets A and B have Jaccard similarity |A and B| / |A or B| of at
// least the threshold. It is kept as the path there and back with `similarity` set.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/config.hpp"

namespace rehearse::mds {

/// The entity has this value (in canonical text) among those of the attribute.
struct Condition {
  std::string attribute;
  std::string equals;
  bool operator==(const Condition&) const = default;
};

struct RuleStep {
  std::string relation;
  bool backwards = false;
  std::string to;  ///< entity type that the step must arrive at
  std::optional<Condition> where = std::nullopt;
  bool operator==(const RuleStep&) const = default;
};

struct Rule {
  std::string name;     ///< relation of the derived edge
  std::string inverse;  ///< its name when read from the far end
  std::string from;     ///< entity type the path starts at
  std::vector<RuleStep> path;
  std::optional<Condition> where = std::nullopt;  ///< what the start must have
  double similarity = 0;                          ///< least Jaccard similarity; 0: a plain path
  bool operator==(const Rule&) const = default;
};

/// Parses {"rules": [...]}. Throws InputError.
std::vector<Rule> parse_rules(const config::Node& node);

}  // namespace rehearse::mds
