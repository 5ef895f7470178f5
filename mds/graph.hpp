// Questions put to the graph. Reads the store and nothing else; never writes.
#pragma once

#include <compare>
#include <string>
#include <vector>

#include "mds/store.hpp"

namespace rehearse::mds {

/// One fact of a live document, as it stands in the current view.
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
  const Store& store_;
};

}  // namespace rehearse::mds
