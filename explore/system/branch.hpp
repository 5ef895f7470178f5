// The copyable part of a branch of an exploration: the service, what is on the bus, which calls are
// out, what may still go wrong, and what the properties need to remember.
//
// The fingerprint of a branch: same fingerprint, same future.
//
// The future of a branch is what enabled() says, what apply() does to the service, and which
// properties fail. Member by member of Branch:
//   - service, calls: the service's fingerprint holds the calls that are out, each with the
//     position since which its source gave the answer that the call found. A call read in between
//     finds one of the answers since then, so neither "now" nor "when the call was made" can tell
//     more, and neither can the claims of last_verified, which are compared with these positions.
//   - now, changed_at: serve only to tell at which position something was; that is said by what is
//     above for all calls that are out, and nothing else is asked again (a copy's last_verified is
//     checked in the step that stores it).
//   - position, on_bus, brought_back, uncommitted, budgets, rounds, closed, delivered, gave_up,
//     asked: as they are. Of `delivered` the last announcements alone are kept, since P1 asks for
//     no other.
//   - unacknowledged: the event, and the position since which its document was as on its arrival:
//     the copy that an acknowledgement needs must be of that position or later.
//   - copies, edges: what the transactions said; functions of the rows, which the store's
//     fingerprint holds, as long as no property has failed. (A branch in which one has is not
//     followed any further.)
// The parts are summed, so a step that leaves a part alone leaves its summand alone (effects.hpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/fingerprint.hpp"
#include "explore/system/scripted_truth.hpp"
#include "explore/system/setup.hpp"
#include "mds/service/service.hpp"

namespace rehearse::explore {

/// A call that is out.
struct OpenCall {
  mds::RequestId id;
  std::size_t source = 0;
  std::string path;
  std::size_t moment = 0;  ///< position since which the source gave the answer that the call found
};

/// An event that was delivered and not acknowledged.
struct Unacknowledged {
  std::size_t event = 0;
  std::size_t arrived = 0;  ///< position since which its document was as it was on arrival
};

/// The copyable part of a branch.
struct Branch {
  Branch(mds::Service service_, const Settings& settings, std::size_t documents,
         std::size_t questions)
      : service(std::move(service_)),
        drops(settings.drops),
        duplicates(settings.duplicates),
        failures(settings.failures),
        crashes(settings.crashes),
        rebalances(settings.rebalances),
        rounds(settings.reconciliation == Reconciliation::any ? 1 : 0),
        copies(documents, 0),
        gave_up(documents, false),
        delivered(documents, false),
        asked(questions, false) {}

  mds::Service service;
  Time now;
  std::size_t position = 0;
  std::vector<Time> changed_at;     ///< by change
  std::vector<std::size_t> on_bus;  ///< numbers of events, sorted; twice for a duplicate
  /// Of those, the events that a crash brought back: the bus keeps what nobody has acknowledged, so
  /// they cannot be lost any more. Sorted.
  std::vector<std::size_t> brought_back;
  std::vector<OpenCall> calls;  ///< in the order in which they were sent
  std::vector<Unacknowledged> unacknowledged;
  /// On a kafka bus: acknowledged, but behind an event of the partition that is not, so that it
  /// comes again with that one. Sorted; kept only where something may bring it back.
  std::vector<std::size_t> uncommitted;
  std::size_t drops, duplicates, failures, crashes, rebalances;  ///< left
  std::size_t rounds;  ///< of reconciliation that may still begin while other things are under way
  bool closed = false;
  bool quiet = false;              ///< when it was pushed
  std::vector<StateIndex> copies;  ///< what the graph holds of each document
  std::vector<std::uint32_t>
      edges;                    ///< derived edges in the graph, by the numbers of Checks, sorted
  std::vector<bool> gave_up;    ///< the fetch for the last delivery about the document
  std::vector<bool> delivered;  ///< the last announcement about the document was
  std::vector<bool> asked;      ///< by question

  /// Changes that had happened by then. No step makes a change and calls, so equal times do not
  /// occur.
  std::size_t position_at(Time at) const;
};

/// Of all but the service, whose fingerprint comes to it.
Fingerprint fingerprint_of(const Branch& branch);

}  // namespace rehearse::explore
