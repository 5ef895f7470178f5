// Reconciliation: every id that a source lists or the graph knows is fetched once per round
// (round.hpp says when), never from the cache. Only a 404 deletes, unless the settings say that
// what is not listed is gone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "mds/hydration/hydration.hpp"
#include "mds/upkeep/round.hpp"

namespace rehearse::mds {

class Reconciliation {
 public:
  Reconciliation(const ServiceConfig& config, Time start);

  /// Begins the round whose time has come, if one has.
  void begin_due(const Turn& turn);
  /// A round now; its ids are due over `spread` from `start` on.
  void begin_round(Time start, Duration spread, const Turn& turn);
  /// Queues what is due, as far as there is room.
  void queue_due(Hydration& hydration, const Turn& turn);
  /// On idle, a lane that is empty gets the next id of the round.
  void feed_idle_lanes(Hydration& hydration, const Turn& turn);

  /// A fetch of the round has ended.
  void on_fetch_end(const FetchEnd& end, const Turn& turn);
  /// Asks for the next page, or ends the listing at its last.
  void on_listed(Listed listed, Hydration& hydration, Turn& turn);
  /// The next round's listing goes on where this one stopped.
  void on_listing_lost(ListingLost lost);

  /// Something is due and the queue is full.
  bool blocked() const { return round_.blocked; }
  /// A round has ids left to list, queue or fetch.
  bool under_way() const;
  /// When something will be due for which there is room; Time::never() when nothing is left.
  Time next(const ReconciliationConfig& config) const;

  /// For fingerprints.
  const ReconciliationState& state() const { return round_; }

 private:
  void order_ids(const Turn& turn);
  void order_by_age(RoundLane& lane, const Turn& turn) const;
  void demand(const DocumentKey& document, Hydration& hydration, const Turn& turn);
  void begin_listing(std::uint32_t contract, RoundListing& listing, Hydration& hydration,
                     const Turn& turn);
  void find(std::uint32_t contract, const std::vector<std::string>& ids, const Turn& turn);
  void complete_listing(std::uint32_t contract, Turn& turn);
  void delete_unlisted(std::uint32_t contract, Turn& turn);

  ReconciliationState round_;
};

}  // namespace rehearse::mds
