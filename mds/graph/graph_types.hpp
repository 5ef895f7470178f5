// The forms in which the graph answers: plain values that hold no reference to the store.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "mds/store/store.hpp"

namespace rehearse::mds {

/// One fact of a live document.
struct StoredFact {
  std::string uri;
  std::string attribute;
  std::string text;  ///< canonical_text of the value
  auto operator<=>(const StoredFact&) const = default;
};

struct DerivedEdge {
  std::string from;
  std::string relation;
  std::string to;
  auto operator<=>(const DerivedEdge&) const = default;
};

/// An entity as every answer shows it, with how far it can be relied on.
struct EntitySummary {
  std::string uri;
  std::string type;
  std::string name;  ///< the id where it has none
  LifeCycle life = LifeCycle::referenced;
  std::optional<Time> last_verified;
  std::optional<Time> last_enriched;
};

struct Neighbour {
  std::string relation;  ///< a derived edge that comes in bears the inverse's name
  bool outgoing = true;
  bool derived = false;
  EntitySummary entity;
};

struct LineageEntry {
  std::size_t depth = 0;
  EntitySummary entity;
};

/// Somebody who owns something.
struct Owner {
  EntitySummary entity;
  bool left = false;  ///< the identity platform says so, or has them no longer
};

struct Impact {
  std::vector<EntitySummary> models;  ///< model instances downstream, and their models
  std::vector<Owner> owners;          ///< of those, also who is no longer there
  std::vector<EntitySummary> teams;   ///< teams, groups and organisations of the owners
};

struct SharedFeatures {
  EntitySummary model;
  std::size_t shared = 0;  ///< how many of the given features it uses
};

/// A time for which an instance was its model's current one.
struct Deployment {
  std::string instance;
  Time from;
  std::optional<Time> until;
};

struct ModelPage {
  std::vector<EntitySummary> current;
  std::vector<EntitySummary> instances;  ///< all versions
  std::vector<Deployment> deployments;   ///< oldest first
};

/// A step of a path between two entities.
struct PathStep {
  std::string relation;
  bool outgoing = true;
  EntitySummary entity;  ///< where it arrives
};

/// One datom, as it was written.
struct HistoryEntry {
  std::uint64_t tx = 0;
  Time at;
  Cause cause;
  bool added = true;
  bool derived = false;
  std::string attribute;
  std::string text;
};

/// What a derived edge rests on.
struct Provenance {
  DerivedEdge edge;
  std::vector<std::string> path;  ///< URIs from end to end
  std::vector<StoredFact> facts;  ///< the references under it, one per step
};

}  // namespace rehearse::mds
