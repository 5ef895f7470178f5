// Source systems of which one changes at random, with all around them that they need.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "model_fixtures.hpp"
#include "models/sources/source_system.hpp"
#include "models/transport/bus.hpp"
#include "sim/heap_calendar.hpp"

namespace rehearse::test {

/// The orchestrator and the datasets, of which the latter change as `changes` says.
struct ChangeRig final : models::Bus::Consumer {
  explicit ChangeRig(const std::string& changes, int entities = 100, std::uint64_t seed = 1,
                     models::OperationFeed feed = {}, int pipelines = 1000)
      : world(world_of({"pipeline-orchestrator", "datasets"})),
        bus("main", {}, models::Streams{seed, 0}, calendar, happenings, *this),
        publisher({&bus, &bus}, calendar, happenings) {
    populate(world, "datasets", "Dataset", "d", entities);
    populate(world, "pipeline-orchestrator", "Pipeline", "p", pipelines);
    oracle = std::make_unique<world::Oracle>(world, rules);
    config.name = "datasets";
    config.changes = models::parse_changes(json(changes), world.sources()[1], world.sources());
    system = std::make_unique<models::SourceSystem>(
        config, 1, std::move(feed), models::Streams{seed, 0},
        models::SourceSurroundings{calendar, world, *oracle, happenings, publisher});
  }
  void on_delivery(const mds::ThinEvent& event) override {
    bodies.push_back(event.body);
    bus.acknowledge(event.id);
  }
  void run(Duration duration) {
    system->start(Time{} + duration);
    calendar.run_until(Time{} + duration + Duration::days(1));
  }
  std::size_t changes() const { return observer.changes.size(); }

  config::Node rules = json(R"({"rules":[]})");
  sim::HeapCalendar calendar;
  CountingObserver observer;
  models::Happenings happenings = heard_by(observer);
  world::World world;
  std::unique_ptr<world::Oracle> oracle;
  models::Bus bus;
  models::Publisher publisher;
  models::SourceConfig config;
  std::unique_ptr<models::SourceSystem> system;
  std::vector<std::string> bodies;
};

}  // namespace rehearse::test
