// For how long the registry's truth showed no PRODUCTION instance of a model, or two: what whoever
// reads it in that time serves nothing by, or cannot tell.
//
// Instances of a model m are m-v1, m-v2, ... (lifecycle/deeds.hpp). What they are is asked of the
// truth whenever one of them changes; changes of one instant that cancel take no time.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "measure/metrics.hpp"
#include "measure/window.hpp"
#include "models/host/happening.hpp"

namespace rehearse::measure {

class RegistryWatch {
 public:
  /// The state of an entity in the truth now; empty where it does not exist.
  using StateOf = std::function<std::string(const std::string& uri)>;

  RegistryWatch(const Window& window, const std::vector<std::string>& models, StateOf state_of);

  /// What exists before time 0.
  void start(const std::vector<world::Truth>& truth);
  void on(const models::Changed& changed, Time now);
  /// Ends the measured window. Call once.
  void finish();

  /// release.registry.none and .double, of the run (all models in sum) and of each model.
  void add_to(Metrics& metrics) const;

 private:
  struct Registry {
    std::string model;
    std::set<std::string> in_production;  // URIs
    Time since;                           // counted up to here
    Duration none, several;
  };

  Registry* registry_of(const std::string& uri, std::string_view type);
  void look(Registry& registry, const std::string& uri);
  void pass(Registry& registry, Time now) const;

  Window window_;
  StateOf state_of_;
  std::vector<Registry> registries_;
  std::map<std::string, std::size_t, std::less<>> by_model_;
};

}  // namespace rehearse::measure
