// Holds a run to the two phases that the design promises, on the ground of what happens alone: it
// knows the truth's history, the bus's deliveries and the calls, and none of the service's state
// but its facts.
//
// Safety, at every moment: (1) every copy that the graph takes up is a state that its source once
// had, and what it drops was once absent; (2) every fact under a derived edge was once true; (3) a
// delivered event is acknowledged when a call begun after its delivery has been answered, or with a
// dead letter; (4) in the end each one is.
//
// Convergence (P1) asks of each entity that is stale in the end: its last change was not delivered,
// or a fetch for it gave up since.
#pragma once

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "mds/graph/graph.hpp"
#include "models/host/happening.hpp"
#include "world/world.hpp"

namespace rehearse::test {

class SafetyWatch final {
 public:
  /// REQUIRES: all references outlive this.
  SafetyWatch(const world::World& world, const mds::Store& store) : world_(world), graph_(store) {}

  /// The world as it is before the run is true from now on.
  void start();
  /// No event is left that was delivered and not acknowledged.
  void finish();

  const std::vector<std::string>& violations() const { return violations_; }
  /// True when nothing promises that this entity is fresh without reconciliation.
  bool excused(const std::string& uri) const;

  void on(const models::Changed& changed, Time now);
  void on(const models::Published& published, Time now);
  void on(const models::EventFate& fate, Time now);
  void on(const mds::SourceRequest& request, Time now);
  void on(const models::CallEnded& ended, Time now);
  void on(const mds::Notice& notice, Time now);
  void on(const mds::TxReport& report, Time now);
  void on(const models::Acknowledged& acknowledged, Time now);

 private:
  struct Event {
    std::string uri;  ///< empty where no change is behind it
    Time delivered = Time::never();
    bool dead = false;
    bool expired = false;
    bool acknowledged = false;
  };
  struct Call {
    std::string uri;
    Time sent;
  };

  void learn(const std::string& uri);
  void check_edge(const mds::EdgeChange& edge, Time now);
  void complain(const std::string& what, Time now);

  const world::World& world_;
  mds::Graph graph_;
  bool started_ = false;
  std::vector<std::string> violations_;
  std::set<std::tuple<std::string, std::int64_t, std::uint64_t>> states_;  ///< URI, version, facts
  std::set<std::string> absent_;
  std::set<world::World::ExpectedFact> facts_;
  std::map<std::uint64_t, std::string> changes_;  ///< number -> URI
  std::map<std::string, mds::EventId> last_event_;
  std::map<std::string, Time> changed_, gave_up_, answered_;  ///< the last: when its call was sent
  std::map<mds::EventId, Event> events_;
  std::map<mds::RequestId, Call> calls_;
};

}  // namespace rehearse::test
