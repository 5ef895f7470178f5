// Questions put to the graph, as it is now or as it was at any past moment. Reads the store and
// nothing else; never writes.
//
// Only live entities are in answers, and paths run through live entities only. Lineage follows the
// relations that the schema declares to run upstream, and from an A/B test back along
// `associatedAbTest` to the model instances it tests (docs/source-systems.md).
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mds/fact_view.hpp"
#include "mds/store.hpp"

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

  /// A practitioner's question; sorted URIs. `ask` is one of ab-tests, models, upstream,
  /// downstream, impact, as docs/source-systems.md defines them. Throws InputError for any other.
  std::vector<std::string> answer(const std::string& ask, const std::string& uri) const;

 private:
  explicit Graph(FactView view) : view_(view) {}

  FactView view_;
};

}  // namespace rehearse::mds
