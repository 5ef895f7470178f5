#include "measure/registry_watch.hpp"

#include <algorithm>
#include <utility>

#include "measure/instance_name.hpp"

namespace rehearse::measure {
namespace {

constexpr std::string_view kType = "ModelInstance";
constexpr std::string_view kProduction = "PRODUCTION";

}  // namespace

RegistryWatch::RegistryWatch(const Window& window, const std::vector<std::string>& models,
                             StateOf state_of)
    : window_(window), state_of_(std::move(state_of)) {
  for (const std::string& model : models) {
    by_model_[model] = registries_.size();
    registries_.push_back({model, {}, {}, {}, {}});
  }
}

RegistryWatch::Registry* RegistryWatch::registry_of(const std::string& uri, std::string_view type) {
  if (type != kType) return nullptr;
  const std::optional<InstanceName> name = instance_named(uri);
  if (!name) return nullptr;
  const auto found = by_model_.find(name->model);
  return found == by_model_.end() ? nullptr : &registries_[found->second];
}

void RegistryWatch::look(Registry& registry, const std::string& uri) {
  if (state_of_(uri) == kProduction) {
    registry.in_production.insert(uri);
  } else {
    registry.in_production.erase(uri);
  }
}

void RegistryWatch::start(const std::vector<world::Truth>& truth) {
  for (const world::Truth& entity : truth) {
    Registry* registry = registry_of(entity.uri, entity.type);
    if (registry != nullptr) look(*registry, entity.uri);
  }
}

void RegistryWatch::pass(Registry& registry, Time now) const {
  const Duration passed = window_.clip(now) - window_.clip(registry.since);
  registry.since = now;
  if (registry.in_production.empty()) registry.none = registry.none + passed;
  if (registry.in_production.size() > 1) registry.several = registry.several + passed;
}

void RegistryWatch::on(const models::Changed& changed, Time now) {
  Registry* registry = registry_of(changed.change.uri, changed.change.type);
  if (registry == nullptr) return;
  pass(*registry, now);
  look(*registry, changed.change.uri);
}

void RegistryWatch::finish() {
  for (Registry& registry : registries_) pass(registry, window_.end);
}

void RegistryWatch::add_to(Metrics& metrics) const {
  Duration none, several;
  for (const Registry& registry : registries_) {
    const std::string prefix = "model." + registry.model + ".release.registry.";
    metrics[prefix + "none"] = registry.none.to_seconds();
    metrics[prefix + "double"] = registry.several.to_seconds();
    none = none + registry.none;
    several = several + registry.several;
  }
  metrics["release.registry.none"] = none.to_seconds();
  metrics["release.registry.double"] = several.to_seconds();
}

}  // namespace rehearse::measure
