// Providers: declarations of source systems, so that a new source needs a JSON file and no C++.
//
// A *domain* (models, pipelines, ...) names abstract entity types; a *provider* says how one source
// system delivers them: event types and the key that holds the id, API paths, JSON pointers to
// fields, references, owners, tags, and entities embedded in a payload. docs/providers.md describes
// the format; mds/providers/ holds the six that ship.
#pragma once

#include <string>
#include <vector>

#include "base/config.hpp"
#include "mds/rule.hpp"
#include "mds/schema.hpp"

namespace rehearse::mds {

// Value found by a JSON pointer becomes the fact `attribute`.
struct FieldDeclaration {
  std::string attribute;
  std::string pointer;
};

// A foreign key (or an array of them) becomes references of the relation.
struct ReferenceDeclaration {
  std::string attribute;  ///< for example pipeline_run
  std::string relation;   ///< for example producedBy; the edge type
  std::string pointer;    ///< to the key, or to an array of keys or objects
  std::string type;       ///< entity type pointed to
  bool upstream = false;  ///< the target is what the holder was made from (lineage)
  std::string id;  ///< template over the item, for example {/test_id}:{/cell_number}; "" = item
};

struct TypeDeclaration;

struct Provider {
  std::string name;      ///< the source's name in scenarios, for example model-registry
  std::string domain;    ///< for example models
  std::string platform;  ///< platformId in URIs, for example registry
  std::vector<TypeDeclaration> types;
};

struct TypeDeclaration {
  std::string type;        ///< for example ModelInstance
  std::string component;   ///< componentType in URIs, for example model
  std::string path;        ///< /api/v1/instances/{id}; empty for embedded types
  std::string list_path;   ///< /api/v1/instances; empty when the source cannot list
  std::string id_pointer;  ///< where the payload holds its own id
  std::vector<std::pair<std::string, std::string>> events;  ///< event type -> key that holds the id
  std::vector<FieldDeclaration> fields;
  std::vector<ReferenceDeclaration> references;
  std::string owners_pointer;  ///< array of e-mail addresses
  std::string tags_pointer;    ///< array of {"key", "value"}
};

/// The relations of a set of providers and the rules over them, as the store keeps them.
Schema make_schema(const std::vector<Provider>& providers, const std::vector<Rule>& rules);

/// Parses one provider file. Throws InputError.
Provider parse_provider(const config::Node& node);

/// The provider that ships under this name; nullptr when there is none.
const Provider* shipped_provider(const std::string& name);
std::vector<std::string> shipped_provider_names();
const std::vector<Rule>& shipped_rules();

}  // namespace rehearse::mds
