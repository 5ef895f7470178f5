// The metadata service: a state machine without clock, threads, randomness or input/output.
//
// Whoever drives it (the simulator, the explorer, a test) passes events, answers and the time in
// and carries requests and acknowledgements out:
//
//   events -> validate -> queue per source -> request -> answer -> normalise -> store ->
//   acknowledge
//                                  ^ token bucket, concurrency, retries, cache, coalescing
//
// Invariants: (1) with safe coalescing at most one call per document is in flight, and an event
// that arrives meanwhile marks the document dirty so that it is fetched again; (2) an event is
// acknowledged only when the facts of a fetch begun after its arrival are stored, or a dead letter
// is; (3) the same calls with the same times give the same outputs: jitter is a hash of
// (seed, document, attempt); (4) all state but the store is in this copyable value, so a copy and a
// store savepoint make a branch, and dropping the value is a crash.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "mds/event.hpp"
#include "mds/service_config.hpp"
#include "mds/store.hpp"

namespace rehearse::mds {

/// Something that happened inside the service, for whoever measures or traces it.
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
    queue_full,  ///< work refused by the bounded queue; detail: which
    breaker_opened,
    breaker_closed,
    enriched  ///< an enrichment pass ended; detail: counts
  };
  Kind kind = Kind::accepted;
  SourceIndex source;
  EventId event;      ///< 0 where no event is meant
  RequestId request;  ///< 0 where no call is meant
  std::string uri;    ///< document root
  Duration waited;    ///< of first_call: from the event's arrival
  std::string detail;
};

struct ServiceCounters {
  std::uint64_t requests = 0;  ///< calls sent, retries included
  std::uint64_t coalesced = 0;
  std::uint64_t throttled = 0;
  std::uint64_t retries = 0;
  std::uint64_t errors = 0;
  std::uint64_t timeouts = 0;
  std::uint64_t cache_hits = 0;
  std::uint64_t gave_up = 0;
  std::uint64_t dead_lettered = 0;
  std::uint64_t queue_max = 0;
  std::uint64_t enrichment_runs = 0;
  std::uint64_t edges_materialized = 0;
  std::uint64_t edges_retracted = 0;
};

class Service {
 public:
  /// REQUIRES: `config` and `store` outlive the service. Work that the store says is unfinished
  /// (stubs, marked entities) is taken up, so constructing a second service on a store is a
  /// restart.
  Service(const ServiceConfig& config, Store& store, Time now);
  Service(const Service& other);
  Service& operator=(const Service& other);
  ~Service();

  /// An event arrived from the bus.
  void on_event(const ThinEvent& event, Time now);
  /// A source answered, failed or timed out. REQUIRES: the request was taken and not answered yet.
  void on_response(RequestId request, const Response& response, Time now);
  /// A wake-up asked for has come (or any other moment: spurious calls do nothing).
  void on_timer(Time now);

  /// Calls to make on sources now.
  std::vector<SourceRequest> take_requests();
  /// Events now safely processed.
  std::vector<EventId> take_acks();
  /// When on_timer must be called at the latest; nullopt when nothing is pending.
  std::optional<Time> next_wakeup() const;

  /// Takes a payload as if it had been fetched and stored at `now`: no event, no budget. Used to
  /// start a run from a graph that is already hydrated.
  void bootstrap(SourceIndex source, const std::string& path, const std::string& payload, Time now);
  /// Enriches everything that is marked, at once. Ends a bootstrap.
  void enrich_all(Time now);

  std::vector<Notice> take_notices();
  const ServiceCounters& counters() const;
  std::size_t queue_length() const;  ///< documents waiting for a call
  /// True when nothing is queued, in flight, waiting for a retry, or left for enrichment.
  bool idle() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace rehearse::mds
