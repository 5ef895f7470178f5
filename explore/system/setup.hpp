// What is explored: a world, a script of changes, a service, and how much may go wrong.
//
// The scenario's section "explore":
//
//   { "drops": 0, "duplicates": 0, "failures": 0, "crashes": 0,    budgets of faults per schedule
//     "rebalances": 0,
//     "reconciliation": "at-quiescence" | "any" | "none",
//     "ignore": ["P1", ...] }                                      properties that are not checked
//
// Exploration has no delays: budgets, backoff and periods of the service never wait, and what waits
// there are (a breaker that is open, an answer in a cache, index rows) are all equally long. So
// what happens when is a matter of choice alone.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/config.hpp"
#include "explore/system/property.hpp"
#include "mds/service/service_config.hpp"
#include "world/content.hpp"
#include "world/question.hpp"
#include "world/shape.hpp"

namespace rehearse::explore {

enum class Reconciliation : std::uint8_t { at_quiescence, any, none };

struct Settings {
  std::size_t drops = 0;
  std::size_t duplicates = 0;
  std::size_t failures = 0;  ///< failed and timed-out calls together
  std::size_t crashes = 0;
  std::size_t rebalances = 0;  ///< of kafka buses
  Reconciliation reconciliation = Reconciliation::at_quiescence;
  std::set<Property> ignored;

  bool checks(Property property) const { return ignored.count(property) == 0; }
};

/// Parses the section "explore". Throws InputError.
Settings parse_settings(const config::Node& node);

/// What a bus promises. A queue keeps no order, kafka that within a partition.
struct BusPromise {
  std::string name;
  std::size_t partitions = 0;  ///< 0: a queue
};

struct Setup {
  std::string name;
  std::vector<world::SourceShape> shapes;  ///< in the order of the service's providers
  std::vector<BusPromise> buses;
  std::vector<std::size_t> bus_of;             ///< by source; empty: queues
  std::vector<world::SourceContent> contents;  ///< what exists before the script
  std::vector<world::Listing> listings;        ///< by source; empty: the default
  std::vector<world::TimedOperation> script;   ///< in order
  config::Node rules;                          ///< for the oracle
  mds::ServiceConfig service;
  bool cold = false;  ///< what exists is announced instead of stored at the start
  Settings settings;
  /// Each asked once in a schedule, at any moment, where the service keeps its answers: elsewhere
  /// asking leaves nothing behind.
  std::vector<world::Question> questions;
};

/// The service's settings as exploration runs them: no waiting, a store in memory that keeps its
/// fingerprint.
mds::ServiceConfig without_delays(mds::ServiceConfig config);

}  // namespace rehearse::explore
