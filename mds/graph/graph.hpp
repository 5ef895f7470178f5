// Questions put to the graph, as it is now or as it was at any past moment. Reads the store and
// nothing else; never writes.
//
// Only live entities are in answers (owners who are gone at their source beside them, marked), and
// paths run through live entities only. Lineage follows the
// relations that the schema declares to run upstream, and from an A/B test back along
// `associatedAbTest` to the model instances it tests (docs/source-systems.md). Lists are sorted by
// URI unless said otherwise. A question about an entity that is not live has an empty answer.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mds/graph/graph_types.hpp"
#include "mds/graph/lineage.hpp"
#include "mds/store/fact_view.hpp"
#include "mds/store/store.hpp"

namespace rehearse::mds {

class Graph {
 public:
  /// REQUIRES: `store` outlives this.
  explicit Graph(const Store& store);
  /// The graph as the transactions up to `at` left it. REQUIRES: `store` outlives this.
  static Graph as_of(const Store& store, Time at);

  /// URIs of all live document roots, sorted.
  std::vector<std::string> live_documents() const;
  /// The facts of a live document and its parts, sorted; empty when it is not live.
  std::vector<StoredFact> facts(std::string_view document) const;
  /// All live derived edges, sorted.
  std::vector<DerivedEdge> derived_edges() const;

  /// A practitioner's question; sorted URIs. `ask` is one of walked_questions()
  /// (mds/graph/questions.hpp) or find, as docs/source-systems.md defines them. Throws InputError
  /// for any other.
  std::vector<std::string> answer(const std::string& ask, const std::string& uri) const;

  /// Any entity that was ever heard of, also a stub or a tombstone; nullopt when it was not.
  std::optional<EntitySummary> entity(std::string_view uri) const;
  /// Live entities joined to this one, by relation, then direction, then URI.
  std::vector<Neighbour> neighbours(std::string_view uri) const;
  /// Nearest first.
  std::vector<LineageEntry> lineage(
      std::string_view uri, Direction direction,
      std::size_t depth = std::numeric_limits<std::size_t>::max()) const;
  /// Its owners, also who is no longer there.
  std::vector<Owner> owners(std::string_view uri) const;
  /// What a change of this entity affects, and whom.
  Impact impact(std::string_view uri) const;
  /// Model instances that use any of these features, those that use most first.
  std::vector<SharedFeatures> models_sharing(const std::vector<std::string>& features) const;
  /// For a model instance its model is meant.
  ModelPage model(std::string_view uri) const;
  /// Datasets that an entity depends on, transitively.
  std::vector<EntitySummary> data_dependencies(std::string_view uri) const;
  /// Live documents that others of their type are made from, but nothing is made from them.
  std::vector<EntitySummary> unused() const;
  /// A shortest path between two live entities along any edges, `from` left out; empty when there
  /// is none. Of several, the one that is first by relations and URIs.
  std::vector<PathStep> path(std::string_view from, std::string_view to) const;

  /// Every datom about an entity, oldest first.
  std::vector<HistoryEntry> history(std::string_view uri) const;
  /// What the derived edges that start at an entity rest on.
  std::vector<Provenance> provenance(std::string_view uri) const;

  /// All live entities, ascending; of documents perhaps the roots alone.
  std::vector<EntityId> live_ids(bool roots_only) const;
  /// Entities as every answer shows them, sorted by URI, each once.
  std::vector<EntitySummary> summaries(std::vector<EntityId> ids) const;

  const FactView& view() const { return view_; }

 private:
  explicit Graph(FactView view) : view_(std::move(view)) {}

  EntityId find_live(std::string_view uri) const;  ///< 0 when it is not
  EntitySummary summary(EntityId id) const;
  std::vector<Owner> owners_among(const std::vector<EntityId>& ids) const;

  FactView view_;
};

}  // namespace rehearse::mds
