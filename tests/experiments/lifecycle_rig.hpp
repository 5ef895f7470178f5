// A scenario with a lifecycle, run without simulator on the plain heap, and what happened in it in
// order: records of operations, and each thin event with what its entity has become.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/config.hpp"
#include "experiments/run_parts.hpp"
#include "experiments/scenario/scenario.hpp"
#include "fixtures.hpp"
#include "mds/contract/provider.hpp"
#include "mds/graph/graph.hpp"
#include "models/host/built_in_service.hpp"
#include "models/lifecycle/lifecycle_host.hpp"
#include "sim/heap_calendar.hpp"

namespace rehearse::test {

/// A scenario of all six sources with a lifecycle; `members` are those of the scenario.
inline std::string lifecycle_scenario(const std::string& members) {
  return R"({"name": "s", "sources": {"identity": {}, "datasets": {}, "feature-store": {},
    "experimentation": {}, "pipeline-orchestrator": {}, "model-registry": {}}, )" +
         members + "}";
}

class LifecycleRig {
 public:
  explicit LifecycleRig(const std::string& text)
      : scenario(experiments::parse_scenario(config::parse(text, "s.json"))),
        world(experiments::make_world(scenario)),
        oracle(world, scenario.rules),
        store(scenario.simulation.service.store,
              mds::make_schema(scenario.simulation.service.providers,
                               scenario.simulation.service.rules)),
        service(scenario.simulation.service, store),
        simulation(scenario.simulation, experiments::feeds_of(scenario), calendar, world, oracle,
                   service, happenings),
        host(*scenario.lifecycle, scenario.simulation, {calendar, simulation, world, happenings}) {
    simulation.hydrate();
    happenings.subscribe(*this);
  }

  void run() {
    host.start();
    simulation.run();
  }

  // What is told.
  void on(const lifecycle::Record& record, Time now) {
    std::string line = to_string(record.what) + " v" + std::to_string(record.version);
    if (!record.to.empty()) line += " " + record.from + " to " + record.to;
    if (!record.detail.empty()) line += ": " + record.detail;
    lines.emplace_back(line, now);
  }
  void on(const models::Changed& changed, Time now) {
    const config::Node event = config::parse(changed.change.event, "event");
    std::string line = "event";
    for (const config::Member& member : event.members) line += " " + member.second.text;
    for (const char* attribute : {"state", "current_instance"}) {
      const std::string value = truth(changed.change.uri, attribute);
      if (!value.empty()) line += " " + value;
    }
    lines.emplace_back(line, now);
  }
  void on(const models::AskedQuestion& question, Time) { asked.push_back(question); }
  void on(const lifecycle::Served& span, Time) { served.push_back(span); }

  /// A value of an entity in the truth now; of a reference the id of its target.
  std::string truth(const std::string& uri, const std::string& attribute) const {
    for (const world::World::ExpectedFact& fact : world.expected_facts(uri)) {
      if (fact.uri == uri && fact.attribute == attribute) {
        return fact.text.substr(fact.text.rfind('/') + 1);
      }
    }
    return "";
  }
  /// The same in the graph.
  std::string in_graph(const std::string& uri, const std::string& attribute) const {
    for (const mds::StoredFact& fact : mds::Graph(store).facts(uri)) {
      if (fact.uri != uri || fact.attribute != attribute) continue;
      return fact.text.substr(fact.text.rfind('/') + 1);
    }
    return "";
  }
  /// Instances of a model that are PRODUCTION in the truth.
  std::vector<std::string> in_production(const std::string& model) const {
    std::vector<std::string> found;
    for (const world::Truth& document : world.all()) {
      const std::string stem = "aip://model/registry/" + model + "-v";
      if (document.type != "ModelInstance" || !document.uri.starts_with(stem)) continue;
      if (truth(document.uri, "state") == "PRODUCTION") {
        found.push_back(document.uri.substr(document.uri.rfind('/') + 1));
      }
    }
    return found;
  }
  /// When the first record that begins like this was made; never when there is none.
  Time first(const std::string& begin) const {
    for (const auto& [line, at] : lines) {
      if (line.starts_with(begin)) return at;
    }
    return Time::never();
  }
  std::vector<std::string> log() const {
    std::vector<std::string> texts;
    for (const auto& line : lines) texts.push_back(line.first);
    return texts;
  }

  experiments::Scenario scenario;
  sim::HeapCalendar calendar;
  world::World world;
  world::Oracle oracle;
  mds::Store store;
  models::BuiltInService service;
  models::Happenings happenings;
  models::Simulation simulation;
  models::LifecycleHost host;
  std::vector<std::pair<std::string, Time>> lines;
  std::vector<models::AskedQuestion> asked;
  std::vector<lifecycle::Served> served;
};

}  // namespace rehearse::test
