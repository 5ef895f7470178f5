// The native shape of each source system: its entity types, the fields and foreign keys of their
// payloads, event types, API paths. docs/source-systems.md shows the payloads.
#pragma once

#include <string>
#include <vector>

#include "base/config.hpp"

namespace rehearse::world {

/// How a reference appears in a payload.
struct RefShape {
  std::string attribute;  ///< normalised name, for example pipeline_run
  std::string relation;   ///< edge type, for example producedBy
  std::string key;        ///< payload key, for example pipeline_run_id
  std::string type;       ///< entity type pointed to
  bool many = false;      ///< array of ids
  bool upstream = false;  ///< the target is what the holder was made from (lineage)
};

struct FieldShape {
  std::string attribute;
  std::string key;
};

/// One entity type of a source.
struct TypeShape {
  std::string type;
  std::string component;  ///< componentType in the URI
  std::string path;       ///< /api/v1/instances/{id}; empty for parts
  std::string list_path;
  std::string id_key;        ///< key of the id in payloads
  std::string event_prefix;  ///< model_instance gives model_instance_created|updated|deleted
  std::string event_id_key;  ///< key of the id in thin events
  std::vector<FieldShape> fields;
  std::vector<RefShape> refs;
  std::string part_type;  ///< type of the parts embedded in it; empty when there are none
};

struct SourceShape {
  std::string name;      ///< model-registry
  std::string platform;  ///< registry
  std::vector<TypeShape> types;
};

/// An embedded entity, for example a cell of an A/B test.
struct Part {
  std::string key;  ///< unique within the parent, for example the cell number
  std::string name;
  auto operator<=>(const Part&) const = default;
};

/// The six source systems that ship; nullptr for any other name.
const SourceShape* shipped_shape(const std::string& name);
std::vector<std::string> shipped_shape_names();

/// The shape of a declared source, read from its provider file (own reading, own mistakes).
SourceShape declared_shape(const config::Node& provider);

}  // namespace rehearse::world
