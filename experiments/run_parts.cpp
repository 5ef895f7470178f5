#include "experiments/run_parts.hpp"

#include <algorithm>
#include <optional>

#include "world/content.hpp"

namespace rehearse::experiments {
namespace {

// A replaced state is read by a replica that lags, served by the response cache, or carried by an
// event for as long as the bus keeps it.
Duration reach_of(const models::SimulationConfig& simulation) {
  Duration lag;
  for (std::size_t i = 0; i < simulation.sources.size(); ++i) {
    lag = std::max(lag, models::longest_lag(simulation, i));
  }
  const mds::HydrationConfig& hydration = simulation.service.hydration;
  Duration carried;
  if (hydration.event_payload) {
    for (const auto& [name, bus] : simulation.buses) carried = std::max(carried, bus.retention);
  }
  constexpr Duration kMost = sim::Distribution::kLongest;
  return std::min(lag, kMost / 3) + std::min(hydration.cache_ttl, kMost / 3) +
         std::min(carried, kMost / 3);
}

}  // namespace

world::World make_world(const Scenario& scenario) {
  world::World world(scenario.shapes);
  models::prepare_world(scenario.simulation, world);
  world::populate(world, scenario.contents);
  return world;
}

std::vector<models::OperationFeed> feeds_of(const Scenario& scenario) {
  std::vector<models::OperationFeed> feeds;
  for (const world::SourceShape& shape : scenario.shapes) {
    feeds.push_back([&timeline = scenario.timeline, name = shape.name,
                     next = std::size_t{0}]() mutable -> std::optional<models::DatedOperation> {
      while (next < timeline.size() && timeline[next].operation.source != name) ++next;
      if (next == timeline.size()) return std::nullopt;
      const world::TimedOperation& operation = timeline[next++];
      return models::DatedOperation{operation.at, operation.operation};
    });
  }
  return feeds;
}

measure::RecorderConfig recorder_config(const Scenario& scenario) {
  measure::RecorderConfig config;
  const models::SimulationConfig& simulation = scenario.simulation;
  config.window = {Time{} + scenario.warmup, Time{} + simulation.duration,
                   Time{} + simulation.duration + simulation.quiesce};
  for (const models::SourceConfig& source : simulation.sources) {
    config.sources.push_back({source.name, source.api.servers});
  }
  config.rules = simulation.service.rules;
  config.retraction = simulation.service.enrichment.retraction;
  config.shared_budget = simulation.service.hydration.total.rate.has_value();
  config.occasions = scenario.declared.occasions;
  config.reach = reach_of(simulation);
  return config;
}

}  // namespace rehearse::experiments
