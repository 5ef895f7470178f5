// The native shape of each source system: its entity types, the fields and foreign keys of their
// payloads, event types, API paths. docs/source-systems.md shows the payloads.
//
// A shape is data. The six that ship are written down in shipped_shapes.cpp, independently of the
// metadata service's provider files; those of other sources are derived from their provider file.
// Payload keys are plain keys, or JSON pointers ("/spec/owner") where a payload is nested.
//
// Beside its own fields and references every type that can be fetched has `name`, `description`,
// and, where the shape has keys for them, `owners` (references to users) and `tags`.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/config.hpp"

namespace rehearse::world {

enum class FieldKind : unsigned char { any, text, integer };

struct FieldShape {
  std::string attribute;  ///< normalised name
  std::string key;        ///< payload key
  FieldKind kind = FieldKind::text;
};

/// How a reference appears in a payload: as an id, or, with `parent_key`, as an object.
struct RefShape {
  std::string attribute;  ///< normalised name, for example pipeline_run
  std::string relation;   ///< edge type, for example producedBy
  std::string key;        ///< payload key, for example pipeline_run_id
  std::string type;       ///< entity type pointed to
  bool many = false;      ///< array of ids
  bool upstream = false;  ///< the target is what the holder was made from (lineage)
  // References to parts are objects: {"test_id": parent, "cell_number": part, "cell_name": name}.
  std::string parent_key;  ///< empty: the reference is the bare id
  std::string part_key;
  std::string part_name_key;
};

/// How the parts of a type are embedded in its payload. A part's id is "<parent id>:<part key>".
struct PartShape {
  std::string type;              ///< for example ABTestCell
  std::string list_key;          ///< for example cells
  std::string part_key;          ///< payload key of Part::key: cell_number
  std::string part_attribute;    ///< the same as a fact of the part
  std::string name_key;          ///< payload key of Part::name
  std::string parent_attribute;  ///< reference of the part to its parent: ab_test
  bool numeric = true;           ///< part keys are integers
};

/// One entity type of a source.
struct TypeShape {
  std::string type;
  std::string component;  ///< componentType in the URI
  std::string path;       ///< /api/v1/instances/{id}; empty for parts
  std::string list_path;
  std::string id_key;         ///< key of the id in payloads
  std::string created_event;  ///< event types, for example model_instance_created
  std::string updated_event;
  std::string deleted_event;
  std::string event_id_key;  ///< key of the id in thin events
  std::vector<FieldShape> fields;
  std::vector<RefShape> refs;
  std::string name_key = "name";
  std::string description_key = "description";
  std::string version_key = "version";
  std::string created_at_key = "created_at";
  std::string owners_key = "owner_emails";  ///< empty: the source knows no owners
  std::string tags_key = "labels";          ///< empty: the source knows no labels
  std::optional<PartShape> parts;
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

// What a scenario may name, for checking it and for saying what is allowed.

/// The type of that name; nullptr when the source has none.
const TypeShape* find_type(const SourceShape& source, std::string_view type);
/// The source that has the type; nullptr when none of them does.
const SourceShape* source_of(const std::vector<SourceShape>& sources, std::string_view type);
/// Types that can be created, changed and removed by themselves (parts cannot).
std::vector<std::string> document_types(const SourceShape& source);
/// Attributes that hold values: name, description and the type's own.
std::vector<std::string> field_names(const TypeShape& type);
/// Attributes that hold references: owners and the type's own.
std::vector<std::string> ref_names(const TypeShape& type);
/// The field of that attribute, common ones included.
std::optional<FieldShape> find_field(const TypeShape& type, std::string_view attribute);
/// The reference of that attribute, owners included.
std::optional<RefShape> find_ref(const TypeShape& type, std::string_view attribute);

}  // namespace rehearse::world
