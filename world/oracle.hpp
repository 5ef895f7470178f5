// The oracle: which derived edges the truth implies, kept up to date change by change. Its walk
// over rules is its own code, so that it can judge the service's.
//
// Model: an edge holds while at least one path of its rule runs through entities that all exist.
// The number of paths under each edge is kept. A change touches one document, and all references
// that it changes are held by the document's root or a part. So a change is: these nodes vanish
// (paths through them are subtracted), their references are replaced, they appear again (paths are
// added). A path that visits the node more than once is counted where it visits it first. A change
// that alters nothing a rule looks at costs nothing.
#pragma once

#include <compare>
#include <memory>
#include <string>
#include <vector>

#include "base/config.hpp"
#include "world/question.hpp"
#include "world/world.hpp"

namespace rehearse::world {

struct Edge {
  std::string from;
  std::string relation;
  std::string to;
  auto operator<=>(const Edge&) const = default;
};

/// An edge that holds, and the documents on its first path (by age of the entities), in its order.
struct Route {
  Edge edge;
  std::vector<std::string> documents;
};

/// What a change began and ended.
struct EdgeDelta {
  std::vector<Edge> begun;
  std::vector<Edge> ended;
  /// Of the edges that hold and whose paths it touched; only where asked for (follow_routes).
  std::vector<Route> routes = {};
};

class Oracle {
 public:
  /// `rules` is a rule file as the service reads it ({"rules": [...]}). REQUIRES: `world` outlives
  /// this. Starts from the world as it is.
  Oracle(const World& world, const config::Node& rules);
  ~Oracle();
  Oracle(Oracle&&) noexcept;
  Oracle& operator=(Oracle&&) noexcept;

  /// The same oracle for a copy of its world, for exploration. REQUIRES: `copy` is in the state
  /// that this oracle knows, and outlives the result.
  Oracle for_copy(const World& copy) const;

  /// To be called after every change that World::apply or make made. Cost: the paths it touches.
  EdgeDelta on_change(const Change& change);

  /// All derived edges that hold now, sorted.
  std::vector<Edge> edges() const;

  /// From now on changes tell routes, too.
  void follow_routes();
  /// The documents of the edge's route; none when it does not hold.
  std::vector<std::string> route(const Edge& edge) const;

  /// What a practitioner's question has as true answer now: sorted URIs; docs/source-systems.md
  /// defines the questions. Throws InputError for any but question_names(). Of an entity that does
  /// not exist the answer is empty.
  std::vector<std::string> answer(const Question& question) const;

 private:
  struct State;
  explicit Oracle(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace rehearse::world
