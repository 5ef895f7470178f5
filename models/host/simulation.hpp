// One run: sources, buses, network and the metadata service on one calendar.
//
// Time 0 begins with a graph that is hydrated (every existing entity stored and enriched, without
// events or budget) or cold (every existing entity is announced). Changes stop at `duration`;
// during `quiesce` nothing changes and nothing is lost, and what is under way comes to its end: no
// fault is active, consumers do not pause, and APIs answer every call that they serve.
//
// Everything random comes from streams of (seed, replication, name), so the same configuration
// gives the same run, and a setting of the service changes no arrival.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "mds/service/service_config.hpp"
#include "models/faults/faults.hpp"
#include "models/host/mds_host.hpp"
#include "models/sources/source_config.hpp"
#include "models/sources/source_systems.hpp"
#include "models/transport/network_config.hpp"
#include "world/oracle.hpp"
#include "world/question.hpp"
#include "world/world.hpp"

namespace rehearse::models {

struct SimulationConfig {
  std::uint64_t seed = 1;
  std::uint64_t replication = 0;
  Duration duration;
  Duration quiesce;
  bool cold = false;  ///< bootstrap
  /// What those who ask the graph take for recent (world::Verdict::misleading).
  Duration acceptable_staleness = Duration::minutes(10);
  std::vector<SourceConfig> sources;  ///< in the order of the world's sources
  std::map<std::string, BusConfig> buses = {{kMainBus, BusConfig{}}};
  NetworkConfig network;
  std::vector<FaultConfig> faults;
  /// Of the service at the port, which is made elsewhere (experiments/run.cpp makes the built-in
  /// one from this). Read here: `providers`, in the order of the world's sources, and
  /// `hydration.event_payload`.
  mds::ServiceConfig service;
};

/// What the graph answered, and how that compares with the truth of that moment.
struct JudgedAnswer {
  mds::QueryAnswer answer;
  world::Verdict verdict;
};

class Simulation {
 public:
  /// `feeds` are the scripts and traces of the sources, by index; sources beyond them have none.
  /// `service` is started here. REQUIRES: `world` holds what exists before time 0, `oracle` was
  /// made from it, `service` knows the sources of `config.service`, and all references outlive
  /// this. Throws InputError for settings that do not fit together.
  Simulation(const SimulationConfig& config, std::vector<OperationFeed> feeds,
             sim::Calendar& calendar, world::World& world, world::Oracle& oracle,
             ServicePort& service, const Happenings& happenings);
  ~Simulation();

  /// Puts what exists at time 0 into the graph, unless it starts cold. Once; run() does it when it
  /// has not been done.
  void hydrate();
  /// Runs from time 0 to the end of the quiesce period. To be called once.
  void run();

  /// Puts a question to the service now, and tells of it (AskedQuestion). A model that asks names
  /// one of the occasions that it declared. Throws InputError for a question that is not known.
  JudgedAnswer ask(const world::Question& question, const std::string& occasion = {});

  /// Faults on a target that a model has declared go to this handler. To be called before run().
  void on_faults(const std::string& target, FaultHandler handler);

  /// Where other models change the sources, from events of the calendar while run() is under way;
  /// never while something is told.
  SourceSystems& sources();
  const Api& api(std::size_t source) const;
  const Bus& bus(const std::string& name) const;

 private:
  struct Parts;

  const SimulationConfig& config_;
  sim::Calendar& calendar_;
  const world::Oracle& oracle_;
  const Happenings& happenings_;
  std::unique_ptr<Parts> parts_;
  bool hydrated_ = false;
};

/// How far back a read of this source may lag, faults included.
Duration longest_lag(const SimulationConfig& config, std::size_t source);

/// Tells the world which sources need their history and how they list: to be called once before
/// the world's first change.
void prepare_world(const SimulationConfig& config, world::World& world);

}  // namespace rehearse::models
