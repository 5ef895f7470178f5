#include "models/host/simulation.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "models/faults/faults.hpp"
#include "models/sources/publisher.hpp"
#include "models/transport/network.hpp"

namespace rehearse::models {
namespace {

// The service numbers its sources as the world does; what is told in a run names them by that
// number.
void check_numbering(const mds::ServiceConfig& config, const world::World& world) {
  const std::vector<std::string> names = world::source_names(world.sources());
  if (config.providers.size() != names.size()) {
    throw InputError("the service is connected to " + std::to_string(config.providers.size()) +
                     " sources of " + std::to_string(names.size()));
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (config.providers[i].name == names[i]) continue;
    throw InputError("source " + std::to_string(i) + " of the service is " +
                     config.providers[i].name + "; allowed is " + names[i] + ", as in the world");
  }
}

}  // namespace

struct Simulation::Parts {
  Parts(const SimulationConfig& config, sim::Calendar& calendar, world::World& world_,
        ServicePort& service, const Happenings& happenings)
      : streams{config.seed, config.replication},
        world(world_),
        network(config.network, world::source_names(world_.sources()), streams, calendar),
        host(service, network, calendar, happenings),
        systems(world_) {}

  Streams streams;
  world::World& world;
  Network network;
  MdsHost host;
  std::map<std::string, std::unique_ptr<Bus>> buses;
  std::unique_ptr<Publisher> publisher;
  std::vector<std::unique_ptr<Api>> apis;
  SourceSystems systems;
  std::unique_ptr<Faults> faults;

  void make_buses(const SimulationConfig& config, sim::Calendar& calendar,
                  const Happenings& happenings);
  void make_sources(const SimulationConfig& config, std::vector<OperationFeed> feeds,
                    const SourceSurroundings& surroundings);
  void connect();
  void make_faults(const SimulationConfig& config, sim::Calendar& calendar);
  void hydrate();
  void announce();
};

void Simulation::Parts::make_buses(const SimulationConfig& config, sim::Calendar& calendar,
                                   const Happenings& happenings) {
  for (const auto& [name, bus] : config.buses) {
    buses.emplace(name, std::make_unique<Bus>(name, bus, streams, calendar, happenings, host));
  }
  std::vector<Bus*> bus_of;
  for (std::size_t i = 0; i < config.sources.size(); ++i) {
    const auto bus = buses.find(config.sources[i].bus);
    if (bus == buses.end()) {
      throw InputError("source " + config.sources[i].name + " announces its changes on bus " +
                       config.sources[i].bus + ", which does not exist");
    }
    bus_of.push_back(bus->second.get());
  }
  publisher = std::make_unique<Publisher>(std::move(bus_of), calendar, happenings);
}

void Simulation::Parts::make_sources(const SimulationConfig& config,
                                     std::vector<OperationFeed> feeds,
                                     const SourceSurroundings& surroundings) {
  feeds.resize(config.sources.size());
  for (std::size_t i = 0; i < config.sources.size(); ++i) {
    const SourceConfig& source = config.sources[i];
    apis.push_back(std::make_unique<Api>(source.name, i, source.api, streams, surroundings.calendar,
                                         world, surroundings.happenings, host));
    systems.add(
        std::make_unique<SourceSystem>(source, i, std::move(feeds[i]), streams, surroundings));
  }
}

void Simulation::Parts::connect() {
  std::vector<Api*> api_pointers;
  for (const auto& api : apis) api_pointers.push_back(api.get());
  std::vector<Bus*> bus_pointers;
  for (const auto& [name, bus] : buses) bus_pointers.push_back(bus.get());
  host.connect(std::move(api_pointers), std::move(bus_pointers));
}

void Simulation::Parts::make_faults(const SimulationConfig& config, sim::Calendar& calendar) {
  faults = std::make_unique<Faults>(config.faults, calendar);
  faults->handle("mds", faults_on_service(host));
  faults->handle("index", faults_on_index(host));
  for (const auto& [name, bus] : buses) faults->handle("bus:" + name, faults_on_bus(*bus));
  for (std::size_t i = 0; i < config.sources.size(); ++i) {
    faults->handle("source:" + config.sources[i].name, faults_on_source(systems.at(i), *apis[i]));
  }
}

void Simulation::Parts::hydrate() {
  for (std::size_t source = 0; source < world.sources().size(); ++source) {
    for (const world::TypeShape& type : world.sources()[source].types) {
      if (type.path.empty()) continue;
      for (std::size_t k = 0; k < world.count(type.type); ++k) {
        const std::string path = api_path(world, type, world.id_at(type.type, k));
        host.bootstrap(source, path, world.get(source, path, Time{}).body);
      }
    }
  }
  host.end_bootstrap();
}

void Simulation::Parts::announce() {
  for (std::size_t source = 0; source < world.sources().size(); ++source) {
    for (const world::TypeShape& type : world.sources()[source].types) {
      if (type.path.empty()) continue;
      for (std::size_t k = 0; k < world.count(type.type); ++k) {
        systems.at(source).announce(type, world.id_at(type.type, k));
      }
    }
  }
}

Simulation::Simulation(const SimulationConfig& config, std::vector<OperationFeed> feeds,
                       sim::Calendar& calendar, world::World& world, world::Oracle& oracle,
                       ServicePort& service, const Happenings& happenings)
    : config_(config),
      calendar_(calendar),
      oracle_(oracle),
      happenings_(happenings),
      parts_(std::make_unique<Parts>(config, calendar, world, service, happenings)) {
  check_numbering(config.service, world);
  if (config.sources.size() != world.sources().size()) {
    throw InputError("settings for " + std::to_string(config.sources.size()) + " sources, but " +
                     std::to_string(world.sources().size()) + " exist");
  }
  parts_->make_buses(config, calendar, happenings);
  parts_->make_sources(config, std::move(feeds),
                       {calendar, world, oracle, happenings, *parts_->publisher,
                        config.service.hydration.event_payload});
  parts_->connect();
  parts_->make_faults(config, calendar);
}

Simulation::~Simulation() = default;

void Simulation::hydrate() {
  if (!config_.cold && !hydrated_) parts_->hydrate();
  hydrated_ = true;
}

// Faults come into the calendar before all that the models plan, so that what these do at the date
// of a fault meets it. Only what whoever runs this has planned already (a scenario's first
// questions, experiments/run.cpp) comes before a fault of the same date.
void Simulation::run() {
  const Time until = Time{} + config_.duration;
  hydrate();
  parts_->host.set_notices();  // of those, too, who subscribed after it was filled
  parts_->faults->start();
  for (const auto& [name, bus] : parts_->buses) bus->start(until);
  for (const auto& api : parts_->apis) api->start(until);
  parts_->systems.start(until);
  if (config_.cold) calendar_.at(Time{}, [this] { parts_->announce(); });
  calendar_.run_until(until + config_.quiesce);
}

JudgedAnswer Simulation::ask(const world::Question& question, const std::string& occasion) {
  const Time now = calendar_.now();
  JudgedAnswer judged{parts_->host.ask(question.ask, question.entity), {}};
  world::ReadAnswer read{judged.answer.uris, {parts_->host.last_verified(question.entity)}};
  for (const std::string& uri : read.uris) {
    read.verified.push_back(parts_->host.last_verified(uri));
  }
  judged.verdict = world::judge(read, oracle_.answer(question), now - config_.acceptable_staleness);
  AskedQuestion asked{question, judged.verdict, std::nullopt, occasion};
  if (judged.answer.cached) asked.cached = judged.answer.made;
  happenings_.tell(asked, now);
  return judged;
}

void Simulation::on_faults(const std::string& target, FaultHandler handler) {
  parts_->faults->handle(target, std::move(handler));
}

SourceSystems& Simulation::sources() { return parts_->systems; }
const Api& Simulation::api(std::size_t source) const { return *parts_->apis.at(source); }
const Bus& Simulation::bus(const std::string& name) const { return *parts_->buses.at(name); }

Duration longest_lag(const SimulationConfig& config, std::size_t source) {
  Duration reach = config.sources[source].api.replica_lag.reach();
  for (const FaultConfig& fault : config.faults) {
    const SourceFault* effect = fault.as<SourceFault>();
    if (effect == nullptr || effect->source != config.sources[source].name) continue;
    // Faults may overlap, and lags add up; of other kinds they are none.
    reach = std::min(reach + effect->lag, sim::Distribution::kLongest);
  }
  return reach;
}

void prepare_world(const SimulationConfig& config, world::World& world) {
  for (std::size_t i = 0; i < config.sources.size(); ++i) {
    world.set_listing(i, config.sources[i].api.list);
    const Duration reach = longest_lag(config, i);
    if (reach > Duration{}) world.retain_history(i, reach);
  }
}

}  // namespace rehearse::models
