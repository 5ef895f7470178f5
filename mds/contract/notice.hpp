// What the service tells of its own work, for whoever measures or traces it.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "mds/contract/event.hpp"

namespace rehearse::mds {

/// Something that happened inside the service.
struct Notice {
  enum class Kind : std::uint8_t {
    accepted,       ///< event queued for hydration; detail: event type
    coalesced,      ///< event found its document queued or in flight
    dead_lettered,  ///< event or payload refused; detail: reason
    first_call,     ///< `event` waited until the first call begun at or after its arrival
    cache_hit,      ///< hydration answered from the response cache
    retry,          ///< a call failed and will be repeated; detail: why
    gave_up,        ///< no attempts left; detail: last failure
    throttled,      ///< a 429 answer
    timed_out,
    failed,      ///< any other failure of a call
    stored,      ///< an answer was stored
    unchanged,   ///< an answer equalled what is stored
    not_found,   ///< the source said 404
    queue_full,  ///< work refused by the bounded queue; detail: its class
    breaker_opened,
    breaker_closed,
    enriched,           ///< an enrichment pass ended; detail: counts
    listed,             ///< a listing of a source ended; detail: type and number of ids
    deletions_refused,  ///< delete_guard kept unlisted entities; detail: how many of how many
    payload_stored      ///< the state that an event carries was taken
  };
  Kind kind = Kind::accepted;
  SourceIndex source;
  EventId event;      ///< 0 where no event is meant
  RequestId request;  ///< 0 where no call is meant
  std::string uri;    ///< document root
  Duration waited;    ///< of first_call: from the event's arrival; of cache_hit: age of the answer
  std::string detail;
};

/// How much is told. Measures are what the metrics need and carry no texts but for rare events.
enum class NoticeLevel : std::uint8_t { none, measures, all };

/// The notices that nobody has taken yet.
class Notices {
 public:
  bool telling(NoticeLevel level) const { return level_ >= level; }
  /// REQUIRES: telling its level.
  void tell(Notice notice) { untaken_.push_back(std::move(notice)); }
  void set_level(NoticeLevel level) { level_ = level; }
  std::vector<Notice> take() { return std::exchange(untaken_, {}); }

 private:
  NoticeLevel level_ = NoticeLevel::all;
  std::vector<Notice> untaken_;
};

}  // namespace rehearse::mds
