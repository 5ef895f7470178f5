// What became of each thin event: on the bus, at the service, and until its document was fetched.
//
// A wait runs from an event's delivery to the service to the first attempt of the first call for
// its document begun at or after it; every delivery counts, those of duplicates too. An event that
// is acknowledged without a call (answered by the cache, carrying its own state, or dead-lettered)
// leaves no wait.
//
// A record is kept until its event is acknowledged or lost for good, and that of the newest event
// of a document until there is a newer one: so there are about as many as documents and events
// under way, however long the run. Of an event whose record is gone one thing is still known: if it
// comes again, it has been delivered before, since what is lost never comes.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/prefetch.hpp"
#include "base/time.hpp"
#include "mds/contract/event.hpp"
#include "measure/lags.hpp"
#include "measure/waiting_order.hpp"
#include "measure/window.hpp"
#include "models/host/happening.hpp"

namespace rehearse::measure {

/// What is known of one event.
struct EventRecord {
  std::uint32_t document = 0xffffffff;  ///< as the recorder numbers them
  std::uint16_t queue = 0;              ///< of the calls that wait behind each other
  std::int64_t version = 0;             ///< announced; 0 when no change is behind it
  Time arrival;                         ///< the first without a call yet, when `waiting`
  std::uint64_t place = 0;              ///< of that one among all arrivals
  bool waiting = false;
  bool more = false;  ///< later arrivals wait too

  bool has_fate = false;
  models::Fate fate = models::Fate::delivered;  ///< `delivered` once delivered, else the last
  bool dead = false;                            ///< dead-lettered
  bool without_call = false;                    ///< acknowledged before any call for it was made
  bool over = false;                            ///< acknowledged, or never to come
  bool again = false;                           ///< delivered more than once
  bool payload = false;                         ///< the state that it carries was stored
  bool from_cache = false;                      ///< answered from the response cache,
  Duration cached_for;                          ///< with an answer of that age
};

class EventLog {
 public:
  explicit EventLog(const Window& window) : waits_(window) {}

  /// Change `number` made `version` of the document, whose calls wait in this queue. The event that
  /// announces it, if one does, is published before the next change.
  void changed(std::uint64_t number, std::uint32_t document, std::int64_t version,
               std::size_t queue);
  void published(mds::EventId event, std::uint64_t change);
  /// An event will soon announce a change of the document (base/prefetch.hpp).
  void expect(std::uint32_t document) const {
    if (document < newest_.size()) prefetch(&newest_[document]);
  }
  void fate(mds::EventId event, models::Fate fate, Time now);
  void called(mds::EventId event, Time now);
  void acknowledged(mds::EventId event);
  void dead_lettered(mds::EventId event, const std::string& reason);
  void took_payload(mds::EventId event);
  void served_from_cache(mds::EventId event, Duration age);
  /// Ends the run: arrivals still without a call are censored waits.
  void finish();

  std::uint64_t published() const { return published_; }
  std::uint64_t count(models::Fate fate) const { return fates_[static_cast<std::size_t>(fate)]; }
  const Lags& waits() const { return waits_; }

  /// The event that announced the newest version announced of a document; 0 for none.
  mds::EventId newest_event(std::uint32_t document) const;
  /// nullptr when its record is no longer kept.
  const EventRecord* find(mds::EventId event) const;
  /// How many calls are due before the one that events of this document wait for, as far as
  /// changes are behind the events (waiting_order.hpp). Told for all documents by one look at the
  /// events, made when first asked for after an arrival or a call.
  std::size_t calls_ahead_of(std::uint32_t document) const;
  /// How many events have a record.
  std::size_t kept() const { return records_.size(); }
  /// Why an event was dead-lettered; empty when it was not, or its record is no longer kept.
  std::string reason(mds::EventId event) const;

 private:
  struct Change {
    std::uint64_t number = 0;
    std::uint32_t document = kUnknown;
    std::uint16_t queue = 0;
    std::int64_t version = 0;
  };
  struct Newest {
    mds::EventId event;
    std::int64_t version = 0;
  };
  using Records = std::unordered_map<std::uint64_t, EventRecord>;  // in no order that shows
  static constexpr std::uint32_t kUnknown = EventRecord{}.document;

  Records::iterator record_of(mds::EventId event);
  void arrived(mds::EventId event, EventRecord& record, Time now);
  void stop_waiting(mds::EventId event, EventRecord& record);
  void let_go_if_over(Records::iterator record);
  std::vector<WaitingEvent> waiting() const;

  Change change_;  // the last
  Records records_;
  std::vector<Newest> newest_;                     // by document
  std::multimap<std::uint64_t, Time> more_waits_;  // arrivals while the same event was waiting
  std::map<std::uint64_t, std::string> reasons_;   // of dead letters, by event
  std::array<std::uint64_t, 7> fates_{};
  std::uint64_t published_ = 0;
  std::uint64_t newest_published_ = 0;  // number of the event
  std::uint64_t arrivals_ = 0;
  mutable std::optional<WaitingOrder> order_;  // of those who wait now, where it was asked for
  Lags waits_;
};

}  // namespace rehearse::measure
