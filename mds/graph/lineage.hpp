// Steps and walks through the graph in entity numbers; graph.hpp turns them into answers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "mds/store/fact_view.hpp"
#include "mds/store/store.hpp"

namespace rehearse::mds {

/// The words of the shipped providers and rules that questions name.
namespace vocabulary {

/// The rule that joins model instances with the A/B tests they take part in.
inline constexpr const char* kTestRelation = "associatedAbTest";

/// The document types that questions name.
inline constexpr const char* kModelInstance = "ModelInstance";
inline constexpr const char* kModel = "Model";
inline constexpr const char* kUser = "User";
inline constexpr const char* kInstanceOf = "instanceOf";
inline constexpr const char* kDataset = "Dataset";
inline constexpr const char* kCurrentInstance = "currentInstance";
inline constexpr const char* kUses = "uses";
inline constexpr const char* kOwnedBy = "ownedBy";

/// What the sources say of users who are no longer there, and of A/B tests that run.
inline constexpr const char* kStatus = "status";
inline constexpr const char* kLeft = "left";
inline constexpr const char* kActive = "ACTIVE";

}  // namespace vocabulary

enum class Direction : std::uint8_t { upstream, downstream };

/// An edge at an entity, seen from it. The name lives as long as the store is not written to.
struct Step {
  std::string_view relation;
  bool outgoing = true;
  bool derived = false;
  EntityId other = 0;
};

/// All edges at an entity to live ones: references and derived edges, out and in. REQUIRES: the
/// entity is live.
std::vector<Step> steps(const FactView& view, EntityId id);

/// Live entities one step up or down the lineage, ascending.
std::vector<EntityId> lineage_step(const FactView& view, EntityId id, Direction direction);

/// An entity of a lineage and its distance in steps.
struct Relative {
  EntityId id = 0;
  std::size_t depth = 0;
};

/// The lineage of an entity, nearest first, the entity itself left out.
std::vector<Relative> lineage(const FactView& view, EntityId id, Direction direction,
                              std::size_t depth = std::numeric_limits<std::size_t>::max());

/// The name of an entity, or the id at the end of its URI.
std::string name_of(const FactView& view, EntityId id);

/// The life cycle of an entity as the view sees it.
LifeCycle life_cycle(const FactView& view, const EntityRow& row);

/// Live entities that a live one refers to through this relation, or that refer to it.
std::vector<EntityId> related(const FactView& view, EntityId id, std::string_view relation,
                              bool outgoing);

}  // namespace rehearse::mds
