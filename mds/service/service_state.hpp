// The inside of the service: its stages, and how what one does reaches the others. service.cpp and
// probe.cpp alone include this.
#pragma once

#include <memory>

#include "mds/hydration/hydration.hpp"
#include "mds/service/query_cache.hpp"
#include "mds/service/service.hpp"
#include "mds/service/turn.hpp"
#include "mds/upkeep/enrichment.hpp"
#include "mds/upkeep/index_follower.hpp"
#include "mds/upkeep/reconciliation.hpp"

namespace rehearse::mds {

struct Service::State {
  struct Printer;  // probe.cpp

  State(const ServiceConfig& settings, Store& graph, Time start, RequestId first_request);

  /// A call from outside begins. REQUIRES: times do not go back.
  Turn turn(Time at);
  /// Tells enrichment and reconciliation what hydration's work for them came to.
  void hand_on(Outcome&& outcome, Turn& turn);
  /// Starts what may start now: calls, enrichment, the index's following. Every call from outside
  /// that may have stored something or made room ends with it.
  void start_work(Turn& turn);
  void start_calls(Turn& turn);
  void on_timer(Turn& turn);
  std::optional<Time> next_wakeup() const;

  const ServiceConfig* config;
  Store* store;
  // Shared between copies because it is large, never changes and points into the configuration.
  std::shared_ptr<const Catalogue> catalogue;
  Notices notices;
  ServiceCounters counters;
  Acknowledgements acks;
  Hydration hydration;
  Enrichment enrichment;
  Reconciliation reconciliation;
  IndexFollower index;
  QueryCache answers;
  Time now;  ///< of the last call from outside
};

}  // namespace rehearse::mds
