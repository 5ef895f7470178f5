// A round of reconciliation: what is to be fetched when.
//
// At the start of a round the ids that the graph knows of each source are ordered (by id, or by
// when they were last verified), and the id of rank r of N is due at start + r/N of the period, so
// that an id whose rank does not change is fetched exactly once per period. Ids that only the
// source's listing knows are due where they would stand among the known, or at once when that is
// past. Rounds start at whole multiples of the period, so a restart goes on where the round stands:
// by id the ids whose date is past are left out, oldest first begins with the oldest at the usual
// pace, and what it does not come to is the oldest of the next round.
//
// What finds the service's bounded queue full keeps its turn and comes when there is room: if it
// were left to the next round, the same ids would meet the same full queue each time.
//
// A listing whose page cannot be had breaks off there, and the next round's goes on at its cursor,
// so that a source that fails now and then is listed to its end sooner or later. Such a listing
// finds what is new and never says that something is gone.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "mds/contract/catalogue.hpp"

namespace rehearse::mds {

/// The known ids of one source in the order in which they are due.
struct RoundLane {
  std::vector<DocumentKey> order;
  std::size_t next = 0;

  bool done() const { return next == order.size(); }
};

/// The listing of one contract during a round.
struct RoundListing {
  bool wanted = false;  ///< waits for room in the queue
  bool running = false;
  /// Read from the first page on within one round: only then does an id that is missing say
  /// anything.
  bool whole = false;
  /// When the call for the first page that was read was sent: what the listing says is true from
  /// then on, no page being older.
  std::optional<Time> since;
  std::set<std::string> ids;  ///< kept only where unlisted entities are deleted
  std::size_t count = 0;
  std::string resume;  ///< cursor of the page at which the last listing broke off
};

struct ReconciliationState {
  bool active = false;  ///< a round is under way
  Time next_round = Time::never();
  Time start;                                      ///< of the round
  Duration spread;                                 ///< over which it is spread; 0: all due at once
  std::vector<RoundLane> lanes;                    ///< by source
  std::map<std::uint32_t, RoundListing> listings;  ///< by contract
  std::set<std::pair<Time, DocumentKey>> found;    ///< listed but not known, by when due
  std::size_t fetching = 0;                        ///< jobs of the round not finished
  bool blocked = false;  ///< something is due and the bounded queue is full

  Time due(const RoundLane& lane, std::size_t rank) const;
  /// Of an id that is listed but not known and would stand at `rank`: within the round also when
  /// that is behind the last known one.
  Time due_found(const RoundLane& lane, std::size_t rank) const;
  /// When the next id is due; Time::never() when none is left.
  Time next_due() const;
  bool all_queued() const;
  bool listing() const;  ///< a listing runs or waits
};

}  // namespace rehearse::mds
