// A simulation with all around it that it needs, the built-in service included where no other is
// given, and the comparison of truth and graph.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "fixtures.hpp"
#include "mds/graph/graph.hpp"
#include "model_fixtures.hpp"
#include "models/host/built_in_service.hpp"
#include "models/host/simulation.hpp"

namespace rehearse::test {

// Follows the versions of truth and graph.
class FreshnessObserver final : public CountingObserver {
 public:
  using CountingObserver::on;
  void on(const models::Changed& changed, Time now) {
    CountingObserver::on(changed, now);
    const world::Change& change = changed.change;
    auto& [facts, at] = truth[change.uri];
    facts = change.op == world::Op::remove ? 0 : change.facts;
    at = change.at;
    compare(change.uri, change.at);
  }
  void on(const mds::TxReport& report, Time now) {
    CountingObserver::on(report, now);
    for (const mds::DocumentChange& document : report.documents) {
      graph[document.uri] = document.live ? document.facts : 0;
      compare(document.uri, now);
    }
  }
  // Total time that documents were stale.
  Duration stale(Time end) {
    for (auto& [uri, since] : stale_since) total = total + (end - since);
    stale_since.clear();
    return total;
  }

  std::map<std::string, std::pair<std::uint64_t, Time>> truth;
  std::map<std::string, std::uint64_t> graph;
  std::map<std::string, Time> stale_since;
  Duration total;

 private:
  void compare(const std::string& uri, Time now) {
    const auto known = truth.find(uri);
    if (known == truth.end()) return;  // before the first change
    const bool fresh = known->second.first == graph[uri];
    const auto since = stale_since.find(uri);
    if (fresh && since != stale_since.end()) {
      total = total + (now - since->second);
      stale_since.erase(since);
    } else if (!fresh && since == stale_since.end()) {
      stale_since[uri] = now;
    }
  }
};

inline models::SimulationConfig base_config(const std::vector<std::string>& sources) {
  models::SimulationConfig config;
  config.duration = Duration::seconds(1000);
  config.quiesce = Duration::seconds(100);
  for (const std::string& name : sources) {
    config.service.providers.push_back(*mds::shipped_provider(name));
    models::SourceConfig source;
    source.name = name;
    source.api.service_time = sim::Distribution();
    config.sources.push_back(source);
  }
  config.service.rules = mds::shipped_rules();
  config.service.enrichment.every.reset();
  return config;
}

// The datasets, changing at 1/s in all.
inline models::SimulationConfig datasets() {
  models::SimulationConfig config = base_config({"datasets"});
  const auto world = world_of({"datasets"});
  config.sources[0].changes =
      models::parse_changes(json(R"([{"type":"Dataset","rate":"1/s","per":"type"}])"),
                            world.sources()[0], world.sources());
  return config;
}

struct SimulationRig {
  SimulationRig(const models::SimulationConfig& settings, sim::Calendar& calendar_,
                int entities = 50, models::ServicePort* port = nullptr)
      : config(settings), calendar(calendar_) {
    std::vector<std::string> names;
    for (const auto& source : config.sources) names.push_back(source.name);
    truth = std::make_unique<world::World>(world_of(names));
    models::prepare_world(config, *truth);
    if (names[0] == "datasets") populate(*truth, "datasets", "Dataset", "d", entities);
    oracle = std::make_unique<world::Oracle>(*truth,
                                             config::load(source_path("mds/rules/default.json")));
    store = std::make_unique<mds::Store>(
        config.service.store, mds::make_schema(config.service.providers, config.service.rules));
    service = std::make_unique<models::BuiltInService>(config.service, *store);
    simulation = std::make_unique<models::Simulation>(
        config, std::vector<models::OperationFeed>{}, calendar, *truth, *oracle,
        port != nullptr ? *port : *service, happenings);
  }
  void go() { simulation->run(); }

  // Documents whose copy is not the truth.
  std::vector<std::string> divergent() const {
    const mds::Graph graph(*store);
    std::vector<std::string> result;
    std::set<std::string> seen;
    for (const world::Truth& document : truth->all()) {
      seen.insert(document.uri);
      std::vector<std::string> expected;
      std::vector<std::string> found;
      for (const auto& fact : truth->expected_facts(document.uri)) {
        expected.push_back(fact.uri + " " + fact.attribute + " " + fact.text);
      }
      for (const auto& fact : graph.facts(document.uri)) {
        found.push_back(fact.uri + " " + fact.attribute + " " + fact.text);
      }
      if (expected != found) result.push_back(document.uri);
    }
    for (const std::string& uri : graph.live_documents()) {
      if (seen.count(uri) == 0) result.push_back(uri);
    }
    return result;
  }

  models::SimulationConfig config;
  sim::Calendar& calendar;
  FreshnessObserver observer;
  models::Happenings happenings = heard_by(observer);
  std::unique_ptr<world::World> truth;
  std::unique_ptr<world::Oracle> oracle;
  std::unique_ptr<mds::Store> store;
  std::unique_ptr<models::BuiltInService> service;
  std::unique_ptr<models::Simulation> simulation;
};

}  // namespace rehearse::test
