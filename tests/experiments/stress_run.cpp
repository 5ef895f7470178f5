#include "stress_run.hpp"

#include <memory>
#include <utility>

#include "experiments/filling.hpp"
#include "experiments/run_parts.hpp"
#include "mds/contract/provider.hpp"
#include "measure/recorder.hpp"
#include "models/host/built_in_service.hpp"
#include "models/host/simulation.hpp"
#include "safety_watch.hpp"
#include "sim/heap_calendar.hpp"

namespace rehearse::test {
namespace {

/// Writes down for when something was planned.
class RecordingCalendar final : public sim::Calendar {
 public:
  Time now() const override { return heap_.now(); }
  Handle at(Time when, sim::Action action) override {
    dates.insert(std::max(when, now()));
    return heap_.at(when, std::move(action));
  }
  void cancel(Handle handle) override { heap_.cancel(handle); }
  void run_until(Time end) override { heap_.run_until(end); }
  std::uint64_t ties() const override { return heap_.ties(); }
  std::uint64_t executed() const override { return heap_.executed(); }

  std::set<Time> dates;

 private:
  sim::HeapCalendar heap_;
};

}  // namespace

StressResult run_watched(const experiments::Scenario& scenario) {
  const models::SimulationConfig& config = scenario.simulation;
  RecordingCalendar calendar;
  world::World world = experiments::make_world(scenario);
  world::Oracle oracle(world, scenario.rules);
  mds::Store store(config.service.store,
                   mds::make_schema(config.service.providers, config.service.rules));
  measure::Recorder recorder(experiments::recorder_config(scenario));
  SafetyWatch watch(world, store);
  experiments::Filling filling;
  models::Happenings happenings;
  happenings.subscribe(watch);
  happenings.subscribe(filling);
  models::BuiltInService service(config.service, store);
  models::Simulation simulation(config, experiments::feeds_of(scenario), calendar, world, oracle,
                                service, happenings);
  simulation.hydrate();
  happenings.unsubscribe(filling);
  recorder.start(world.all(), filling.reports, oracle.edges());
  happenings.subscribe(recorder);
  watch.start();
  simulation.run();
  recorder.finish();
  watch.finish();

  StressResult result;
  const measure::Audit audit = measure::audit(world, oracle, mds::Graph(store), recorder);
  result.converged = audit.converged();
  result.violations = watch.violations();
  for (const measure::EntityDivergence& entity : audit.entities) {
    if (!watch.excused(entity.uri)) result.unexcused.push_back(entity.uri + ": " + entity.cause);
  }
  if (audit.entities.empty()) {
    for (const measure::EdgeDivergence& edge : audit.edges) {
      result.unexcused.push_back(edge.edge.from + " " + edge.edge.relation + ": " + edge.cause);
    }
  }
  if (!result.converged) result.divergences = measure::divergences_json(audit);
  result.digest = store.digest();
  result.dates = std::move(calendar.dates);
  return result;
}

}  // namespace rehearse::test
