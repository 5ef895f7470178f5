#include "experiments/operations.hpp"

#include <cassert>
#include <utility>

#include "experiments/run_parts.hpp"

namespace rehearse::experiments {
namespace {

/// The field `state` of a document in the truth now.
measure::RegistryWatch::StateOf state_in(const world::World& world) {
  return [&world](const std::string& uri) {
    for (const world::World::ExpectedFact& fact : world.expected_facts(uri)) {
      if (fact.attribute == "state" && fact.uri == uri) return fact.text;
    }
    return std::string();
  };
}

}  // namespace

measure::LifecycleLogConfig lifecycle_log_config(const Scenario& scenario) {
  assert(scenario.lifecycle);
  const models::LifecycleConfig& lifecycle = *scenario.lifecycle;
  const measure::RecorderConfig recorder = recorder_config(scenario);
  measure::LifecycleLogConfig config;
  config.window = recorder.window;
  config.buckets = recorder.buckets;
  config.slots = lifecycle.settings.slots;
  config.bad = lifecycle.bad;
  for (const lifecycle::ModelSettings& model : lifecycle.settings.models) {
    config.models.push_back(
        {model.name, model.world.drifts, model.release.waiting == lifecycle::Waiting::supersede});
  }
  return config;
}

Operations::Operations(const Scenario& scenario, const models::SimulationConfig& simulation,
                       const models::LifecycleHost::Surroundings& surroundings)
    : host_(*scenario.lifecycle, simulation, surroundings),
      log_(lifecycle_log_config(scenario)),
      registry_(recorder_config(scenario).window, scenario.declared.models,
                state_in(surroundings.world)) {}

void Operations::start(const std::vector<world::Truth>& truth, models::Happenings& happenings) {
  registry_.start(truth);
  happenings.subscribe(log_);
  happenings.subscribe(registry_);
  host_.start();
}

void Operations::finish(reports::RunResult& result, measure::Detail detail) {
  log_.finish();
  log_.add_to(result.metrics);
  registry_.finish();
  registry_.add_to(result.metrics);
  result.more_series = log_.columns();
  if (detail == measure::Detail::causes) result.lineage = host_.lifecycle().lineage().records();
}

}  // namespace rehearse::experiments
