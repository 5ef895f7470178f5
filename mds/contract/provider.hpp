// Providers: declarations of source systems, so that a new source needs a JSON file and no C++.
//
// A *domain* (models, pipelines, ...) names abstract entity types; a *provider* says how one source
// system delivers them: event types and where they hold the id, API paths, JSON pointers to fields,
// references, tags, and entities embedded in a payload (*parts*). A payload's own names stop here:
// everything behind it knows attributes and relations only. docs/providers.md describes the format;
// mds/providers/ holds the six that ship.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/config.hpp"
#include "mds/contract/id_template.hpp"
#include "mds/contract/json_pointer.hpp"
#include "mds/store/schema.hpp"
#include "mds/upkeep/rule.hpp"

namespace rehearse::mds {

enum class FieldKind : std::uint8_t { text, integer, number, boolean };

/// The value found by a JSON pointer becomes the fact `attribute`.
struct FieldDeclaration {
  std::string attribute;
  JsonPointer pointer;
  FieldKind kind = FieldKind::text;
  bool required = false;
};

/// A foreign key (or an array of them) becomes references of the relation.
struct ReferenceDeclaration {
  std::string attribute;  ///< for example pipeline_run
  std::string relation;   ///< for example producedBy; the edge type
  JsonPointer pointer;    ///< to the key, or to an array of keys or objects when `many`
  std::string type;       ///< entity type pointed to
  bool many = false;
  bool upstream = false;  ///< the target is what the holder was made from (lineage)
  std::string component;  ///< of the target's URI
  std::string platform;   ///< of the target's URI
  IdTemplate id;          ///< of the target, from the item
  std::string
      strip_suffix;  ///< what every id must end with and loses, for example an e-mail domain
};

/// Entities that arrive inside another's payload, for example the cells of an A/B test.
struct PartDeclaration {
  std::string type;
  std::string component;
  JsonPointer pointer;  ///< to the array of parts
  IdTemplate id;        ///< {parent}<separator>{/pointer}
  std::string parent_attribute;
  std::string parent_relation;
  bool parent_upstream = false;
  std::vector<FieldDeclaration> fields;
  std::vector<ReferenceDeclaration> references;
};

enum class EventOp : std::uint8_t { create, update, remove };

/// An entity type that can be fetched. Fields and references hold the provider's common ones too.
struct TypeDeclaration {
  std::string type;       ///< for example ModelInstance
  std::string component;  ///< componentType in URIs, for example model
  std::string path;       ///< /api/v1/instances/{id}
  std::string list_path;  ///< /api/v1/instances; empty when the source cannot list
  JsonPointer id;         ///< where the payload holds its own id
  JsonPointer event_id;   ///< where an event holds the id
  std::vector<std::pair<std::string, EventOp>> events;  ///< event types that announce a change
  std::vector<FieldDeclaration> fields;
  std::vector<ReferenceDeclaration> references;
  std::optional<JsonPointer> tags;  ///< array of {"key", "value"}
  std::vector<PartDeclaration> parts;

  /// The API path of an entity.
  std::string path_of(std::string_view entity) const;
};

struct Provider {
  std::string name;        ///< the source's name in scenarios, for example model-registry
  std::string domain;      ///< for example models
  std::string platform;    ///< platformId in URIs, for example registry
  JsonPointer event_type;  ///< where events hold their type
  int page_size = 100;     ///< entries asked for in one page of a listing
  std::vector<TypeDeclaration> types;
};

/// The relations of a set of providers and the rules over them, as the store keeps them. Throws
/// InputError when two providers disagree about an attribute of a type they share.
Schema make_schema(const std::vector<Provider>& providers, const std::vector<Rule>& rules);

/// Parses one provider file. Throws InputError.
Provider parse_provider(const config::Node& node);

/// The provider that ships under this name; nullptr when there is none.
const Provider* shipped_provider(const std::string& name);
std::vector<std::string> shipped_provider_names();
const std::vector<Rule>& shipped_rules();

}  // namespace rehearse::mds
