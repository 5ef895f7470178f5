// A round of reconciliation: what is to be fetched when.
//
// At the start of a round the ids that the graph knows of each source are ordered (by id, or by
// when they were last verified), and the id of rank r of N is due at start + r/N of the period, so
// that an id whose rank does not change is fetched exactly once per period. Ids that only the
// source's listing knows are due where they would stand among the known, or at once when that is
// past. Rounds start at whole multiples of the period, so a restart goes on where the round stands.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "mds/catalogue.hpp"

namespace rehearse::mds {

/// The known ids of one source in the order in which they are due.
struct RoundLane {
  std::vector<DocumentKey> order;
  std::size_t next = 0;

  bool done() const { return next == order.size(); }
};

/// The listing of one contract during a round.
struct RoundListing {
  bool running = false;
  std::set<std::string> ids;  ///< kept only where unlisted entities are deleted
  std::size_t count = 0;
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

  Time due(const RoundLane& lane, std::size_t rank) const;
  /// Of an id that is listed but not known and would stand at `rank`: within the round also when
  /// that is behind the last known one.
  Time due_found(const RoundLane& lane, std::size_t rank) const;
  /// When the next id is due; Time::never() when none is left.
  Time next_due() const;
  bool all_queued() const;
};

}  // namespace rehearse::mds
