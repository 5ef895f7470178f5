#include "experiments/explore_setup.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace rehearse::experiments {

explore::Setup explore_setup(const Scenario& scenario, bool index) {
  if (scenario.lifecycle) {
    throw InputError(scenario.lifecycle->where,
                     "exploration tries every schedule of a small world and cannot run a "
                     "lifecycle; `rehearse run` does");
  }
  explore::Setup setup;
  setup.name = scenario.name;
  setup.shapes = scenario.shapes;
  setup.contents = scenario.contents;
  setup.script = scenario.timeline;
  setup.rules = scenario.rules;
  setup.service = scenario.simulation.service;
  setup.service.store.index = index;
  setup.cold = scenario.simulation.cold;
  setup.settings = scenario.explore;
  for (const auto& [every, question] : scenario.questions) {
    if (question.ask == "find" && !index) continue;
    setup.questions.push_back(question);
  }
  std::vector<std::string> names;
  for (const auto& [name, bus] : scenario.simulation.buses) {
    const bool kafka = bus.kind == models::BusConfig::Kind::kafka;
    setup.buses.push_back({name, kafka ? bus.partitions : 0});
    names.push_back(name);
  }
  for (const models::SourceConfig& source : scenario.simulation.sources) {
    const auto bus = std::find(names.begin(), names.end(), source.bus);
    setup.bus_of.push_back(static_cast<std::size_t>(bus - names.begin()));
    setup.listings.push_back(source.api.list);
    if (source.changes.empty()) continue;
    throw InputError("source \"" + source.name +
                     "\" changes at random, which has no end; exploration takes its changes from "
                     "\"script\" and \"trace\"");
  }
  const bool kafka = std::any_of(setup.buses.begin(), setup.buses.end(),
                                 [](const explore::BusPromise& bus) { return bus.partitions > 0; });
  if (setup.settings.rebalances > 0 && !kafka) {
    throw InputError("explore.rebalances is of a bus of kind kafka, and there is none");
  }
  if (setup.script.empty() && !setup.cold) {
    throw InputError("nothing changes in this scenario; exploration needs a \"script\"");
  }
  return setup;
}

}  // namespace rehearse::experiments
