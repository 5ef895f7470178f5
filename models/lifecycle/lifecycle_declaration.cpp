#include "models/lifecycle/lifecycle_declaration.hpp"

#include <map>
#include <set>
#include <tuple>

#include "models/lifecycle/deed_operation.hpp"
#include "models/lifecycle/lifecycle_faults.hpp"

namespace rehearse::models {
namespace {

using lifecycle::Occasion;

void add_creations(const std::string& model, world::Footprint& footprint) {
  footprint.add({"pipeline-orchestrator", "PipelineRun", model + "-run-", 1, {"pipeline"}, {}});
  footprint.add({"model-registry",
                 "ModelInstance",
                 model + "-v",
                 1,
                 {"model", "pipeline_run", "features", "owners"},
                 {}});
  footprint.add(
      {"datasets", "DatasetVersion", model + "-training-", 1, {"dataset", "pipeline_run"}, {}});
}

/// What is there at time 0, by source. What several models name is there once: a team, a feature.
std::vector<world::SourceContent> population_of(const LifecycleConfig& config) {
  std::map<std::string, world::SourceContent> contents;
  std::set<std::pair<std::string, std::string>> shared;
  for (std::size_t i = 0; i < config.settings.models.size(); ++i) {
    const lifecycle::ModelSettings& model = config.settings.models[i];
    for (const lifecycle::Deed& deed : lifecycle::begun(lifecycle::entities_of(model), {})) {
      const bool may_share = deed.type == "Team" || deed.type == "Feature";
      if (may_share && !shared.emplace(deed.type, deed.id).second) continue;
      world::EntityGroup group;
      group.pattern = operation_of(deed);
      group.where = config.models[i];
      world::SourceContent& content = contents[group.pattern.source];
      content.source = group.pattern.source;
      content.entities.push_back(std::move(group));
    }
  }
  std::vector<world::SourceContent> population;
  for (auto& [source, content] : contents) population.push_back(std::move(content));
  return population;
}

}  // namespace

Declaration declare(const LifecycleConfig& config) {
  Declaration declared;
  for (const lifecycle::ModelSettings& model : config.settings.models) {
    declared.models.push_back(model.name);
    add_creations(model.name, declared.footprint);
  }
  declared.population = population_of(config);
  declared.kept = {{"model-registry", "Model"},
                   {"model-registry", "ModelInstance"},
                   {"pipeline-orchestrator", "PipelineRun"}};
  declared.fault_targets = lifecycle_fault_targets(declared.models);
  declared.sections = {"lifecycle"};
  for (const Occasion occasion :
       {Occasion::rollback, Occasion::person, Occasion::drift, Occasion::canary}) {
    declared.occasions.push_back(to_string(occasion));
  }
  return declared;
}

}  // namespace rehearse::models
