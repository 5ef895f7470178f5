// The oracle: which derived edges the truth implies, kept up to date change by change. Its walk
// over rules is its own code, so that it can judge the service's.
#pragma once

#include <compare>
#include <memory>
#include <string>
#include <vector>

#include "base/config.hpp"
#include "world/world.hpp"

namespace rehearse::world {

struct Edge {
  std::string from;
  std::string relation;
  std::string to;
  auto operator<=>(const Edge&) const = default;
};

/// What a change began and ended.
struct EdgeDelta {
  std::vector<Edge> begun;
  std::vector<Edge> ended;
};

class Oracle {
 public:
  /// `rules` is a rule file as the service reads it ({"rules": [...]}). REQUIRES: `world` outlives
  /// this. Starts from the world as it is.
  Oracle(const World& world, const config::Node& rules);
  ~Oracle();

  /// To be called after every World::apply that changed something. Cost: the paths it touches.
  EdgeDelta on_change(const Change& change);

  /// All derived edges that hold now, sorted.
  std::vector<Edge> edges() const;

  /// What a practitioner's question has as true answer now: sorted URIs. `ask` is one of
  /// ab-tests, models, upstream, downstream, impact.
  std::vector<std::string> answer(const std::string& ask, const std::string& uri) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace rehearse::world
