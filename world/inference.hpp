// Inference rules as the oracle reads them: {"rules": [{"name", "inverse", "from", "path": [...]}]}
// with steps {"relation", "to", "direction": "out" | "in"}. The metadata service reads the same
// file with code of its own.
#pragma once

#include <string>
#include <vector>

#include "base/config.hpp"

namespace rehearse::world {

struct InferenceStep {
  std::string relation;
  std::string to;          ///< entity type arrived at
  bool backwards = false;  ///< from the target of the relation to its holder
};

/// Whoever reaches `to` of the last step from an entity of type `from` has the edge `name` to it.
struct InferenceRule {
  std::string name;
  std::string inverse;
  std::string from;
  std::vector<InferenceStep> path;
};

/// Throws InputError.
std::vector<InferenceRule> parse_inference(const config::Node& node);

}  // namespace rehearse::world
