// What the store must know about the facts it keeps: which attributes are references of which
// relation, which relations run upstream, and the inference rules. A store remembers its schema, so
// that a graph file can be opened and asked without the scenario that made it.
#pragma once

#include <string>
#include <vector>

#include "mds/upkeep/rule.hpp"

namespace rehearse::mds {

/// The reference attribute `attribute` of entities of `type` is an edge of `relation`.
struct RelationDeclaration {
  std::string type;  ///< "*" for every type
  std::string attribute;
  std::string relation;
  std::string target;     ///< entity type pointed to
  bool upstream = false;  ///< the target is what the holder was made from (lineage)
  bool operator==(const RelationDeclaration&) const = default;
};

struct Schema {
  std::vector<RelationDeclaration> relations;
  std::vector<Rule> rules;
  bool operator==(const Schema&) const = default;
};

}  // namespace rehearse::mds
