// The native shape of each source system: its entity types, the fields and foreign keys of their
// payloads, event types, API paths. docs/source-systems.md shows the payloads.
//
// A shape is data. The six that ship are written down in shipped_shapes.cpp, independently of the
// metadata service's provider files; those of other sources are derived from their provider file.
// Payload keys are plain keys, or JSON pointers ("/spec/owner") where a payload is nested.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/config.hpp"

namespace rehearse::world {

enum class FieldKind : unsigned char { text, integer, number, boolean };

struct FieldShape {
  std::string attribute;  ///< normalised name
  std::string key;        ///< payload key
  FieldKind kind = FieldKind::text;
};

/// How a reference appears in a payload: as an id, or, with `parent_key`, as an object.
struct RefShape {
  std::string attribute;  ///< normalised name, for example pipeline_run
  std::string relation;   ///< edge type, for example producedBy
  std::string key;        ///< payload key, for example pipeline_run_id; empty: in no payload
  std::string type;       ///< entity type pointed to
  std::string component;  ///< of the target's URI
  std::string platform;
  bool many = false;      ///< array of ids
  bool upstream = false;  ///< the target is what the holder was made from (lineage)
  std::string suffix;     ///< what stands behind an id in the payload, as in alice@netflix.com
  // References to parts are objects: {"test_id": parent, "cell_number": part, "cell_name": name}.
  std::string parent_key;  ///< empty: the reference is the bare id
  std::string part_key;    ///< empty: an object with the id alone
  std::string part_name_key;
  std::string separator = ":";  ///< between parent and part in the target's id
  bool numeric_part = false;    ///< the part's key is written as a number
};

/// How the parts of a type are embedded in its payload. A part's id is
/// "<parent id><separator><part key>".
struct PartShape {
  std::string type;              ///< for example ABTestCell
  std::string list_key;          ///< for example cells
  std::string part_key;          ///< payload key of Part::key: cell_number
  std::string part_attribute;    ///< the same as a fact of the part; empty: no fact
  std::string name_key;          ///< payload key of Part::name; empty: parts have no names
  std::string parent_attribute;  ///< reference of the part to its parent: ab_test
  std::string separator = ":";
  bool numeric = true;  ///< part keys are integers
};

/// One entity type of a source.
struct TypeShape {
  std::string type;
  std::string component;  ///< componentType in the URI
  std::string path;       ///< /api/v1/instances/{id}; empty for parts
  std::string list_path;  ///< empty: cannot be listed
  std::string id_key;     ///< key of the id in payloads
  std::string event_type_key = "event_type";
  std::string event_id_key;   ///< key of the id in thin events
  std::string created_event;  ///< event types, for example model_instance_created
  std::string updated_event;
  std::string deleted_event;
  std::vector<FieldShape> fields;
  std::vector<RefShape> refs;
  std::string version_key = "version";
  std::string created_at_key = "created_at";  ///< empty: the source does not say
  std::string tags_key = "labels";            ///< empty: the source knows no labels
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

/// The shape of a declared source, read from its provider file (docs/providers.md), which says how
/// payloads are read and so how they must be made. Throws InputError, also for what the format
/// allows and the simulated sources cannot make.
SourceShape declared_shape(const config::Node& provider);

std::vector<std::string> source_names(const std::vector<SourceShape>& sources);

// What a scenario may name, for checking it and for saying what is allowed.

/// The type of that name; nullptr when the source has none.
const TypeShape* find_type(const SourceShape& source, std::string_view type);
/// Types that can be created, changed and removed by themselves (parts cannot).
std::vector<std::string> document_types(const SourceShape& source);
std::vector<std::string> field_names(const TypeShape& type);
std::vector<std::string> ref_names(const TypeShape& type);
/// The field of that attribute; nullptr when there is none.
const FieldShape* find_field(const TypeShape& type, std::string_view attribute);
const RefShape* find_ref(const TypeShape& type, std::string_view attribute);
/// True when the id can be of an entity that the reference points to: for references to parts,
/// "<parent><separator><part>".
bool can_refer_to(const RefShape& ref, std::string_view id);
/// What the reference's ids look like, for messages.
std::string id_form(const RefShape& ref);
/// A whole number in its only decimal spelling.
bool is_whole_number(std::string_view text);
/// "; known are a b c; did you mean b?", to end a message with.
std::string known_names(std::string_view word, const std::vector<std::string>& names);

}  // namespace rehearse::world
