#include "lifecycle/model_settings.hpp"

#include <cassert>

#include "learning/recorded_population.hpp"

namespace rehearse::lifecycle {

std::size_t features_of(const ModelSettings& settings) {
  return settings.recorded ? settings.recorded->features() : settings.world.features;
}

std::unique_ptr<const learning::Population> population_of(const ModelSettings& settings) {
  if (settings.recorded) return std::make_unique<learning::RecordedPopulation>(settings.recorded);
  return std::make_unique<learning::ChangingWorld>(settings.name, settings.world);
}

ModelEntities entities_of(const ModelSettings& settings) {
  ModelEntities entities;
  entities.model = settings.name;
  entities.team = settings.team.empty() ? settings.name + "-team" : settings.team;
  for (int i = 1; i <= settings.owners; ++i) {
    entities.owners.push_back(settings.name + "-owner-" + std::to_string(i));
  }
  entities.features = settings.feature_names;
  for (std::size_t j = entities.features.size(); j < features_of(settings); ++j) {
    entities.features.push_back(settings.name + "-x" + std::to_string(j));
  }
  assert(entities.features.size() == features_of(settings));
  return entities;
}

}  // namespace rehearse::lifecycle
