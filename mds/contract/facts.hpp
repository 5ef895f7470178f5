// What normalisation makes of a payload and the fact store keeps: typed attribute values of
// entities.
//
// A *document* is what one API call of a source describes: an entity and the *parts* that the
// source delivers inside it (an A/B test and its cells). Documents are hydrated, verified and
// compared as a whole; each entity in them has facts, references and edges of its own.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace rehearse::mds {

/// A reference to an entity that may not be known yet. `type` is what the reference's declaration
/// says it points to, so that the target can be fetched.
struct Reference {
  std::string uri;
  std::string type;
  auto operator<=>(const Reference&) const = default;
};

using Value = std::variant<std::string, std::int64_t, double, bool, Reference>;

/// "attribute is value"; an attribute with several values has several facts.
struct Fact {
  std::string attribute;
  Value value;
  auto operator<=>(const Fact&) const = default;
};

/// An entity as normalised. REQUIRES: facts are sorted and hold no duplicates.
struct EntityFacts {
  std::string uri;   ///< aip://<componentType>/<platformId>/<resourceId>
  std::string type;  ///< entity type, for example ModelInstance
  std::vector<Fact> facts;
};

/// The normalised form of one payload. The root's facts include `version`.
struct Document {
  EntityFacts root;
  std::vector<EntityFacts> parts;  ///< sorted by URI
};

/// The text that stands for a value in hashes, tags and printed tables (see base/fact_hash.hpp).
std::string canonical_text(const Value& value);

// Attributes that every type may have. The rest is declared by providers.
inline constexpr const char* kName = "name";
inline constexpr const char* kDescription = "description";
inline constexpr const char* kOwners = "owners";    // references to users, groups or teams
inline constexpr const char* kTags = "tags";        // text "key::value"
inline constexpr const char* kVersion = "version";  // integer, raised by every change at the source
inline constexpr const char* kCreatedAt = "created_at";

}  // namespace rehearse::mds
