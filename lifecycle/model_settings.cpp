#include "lifecycle/model_settings.hpp"

#include <cassert>

namespace rehearse::lifecycle {

ModelEntities entities_of(const ModelSettings& settings) {
  ModelEntities entities;
  entities.model = settings.name;
  entities.team = settings.team.empty() ? settings.name + "-team" : settings.team;
  for (int i = 1; i <= settings.owners; ++i) {
    entities.owners.push_back(settings.name + "-owner-" + std::to_string(i));
  }
  entities.features = settings.feature_names;
  for (std::size_t j = entities.features.size(); j < settings.world.features; ++j) {
    entities.features.push_back(settings.name + "-x" + std::to_string(j));
  }
  assert(entities.features.size() == settings.world.features);
  return entities;
}

}  // namespace rehearse::lifecycle
