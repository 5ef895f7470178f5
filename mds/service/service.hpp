// The metadata service: a state machine without clock, threads, randomness or input/output.
//
// Whoever drives it (the simulator, the explorer, a test) passes events, answers and the time in
// and carries requests and acknowledgements out:
//
//   event -> intake -> hydration: job per document, queue, budget, request, answer, normalise ->
//   store -> acknowledgement; enrichment and reconciliation demand of hydration, too
//
// Invariants: (1) with safe coalescing at most one call per document is in flight, and an event
// that arrives meanwhile marks the document dirty so that it is fetched again; (2) every on_event
// is acknowledged exactly once, when the facts of a fetch begun after its arrival are stored, or a
// dead letter is, durably where the store is a file: an event that is invalid, whose payload is
// refused, whose fetch gives up after its last attempt, or that finds the queue full, becomes a
// dead letter with the reason; (3) the same calls with the same times give the same outputs: jitter
// is a hash of (seed, document, attempt); (4) all state but the store is in this copyable value, so
// a copy and a store savepoint make a branch, and dropping the value is a crash.
//
// A failing document keeps its place: an event that joins it shares the attempts that are left.
// What gives up is left to later events, enrichment and reconciliation. A 429 that says when to
// come again is obeyed and uses up no attempt: the source is well, so nothing is given up for it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "mds/contract/event.hpp"
#include "mds/contract/notice.hpp"
#include "mds/service/service_config.hpp"
#include "mds/service/service_counters.hpp"
#include "mds/store/store.hpp"

namespace rehearse::mds {

/// An answer to a question put to the graph.
struct QueryAnswer {
  std::vector<std::string> uris;  ///< sorted
  Time made;                      ///< when the graph was read for it
  bool cached = false;            ///< it was made for an earlier question
};

class Service {
 public:
  /// REQUIRES: `config` and `store` outlive the service. Work that the store says is unfinished
  /// (stubs, marked entities) is taken up, so constructing a second service on a store is a
  /// restart. Calls are numbered from `first_request`; a restart goes on from next_request() of the
  /// one before, so that late answers to its calls are told apart (and ignored). Throws InputError
  /// when two providers claim the same entities.
  Service(const ServiceConfig& config, Store& store, Time now,
          RequestId first_request = RequestId{1});
  Service(const Service& other);
  Service& operator=(const Service& other);
  Service(Service&& other) noexcept;  ///< `other` may then only be assigned to or destroyed
  Service& operator=(Service&& other) noexcept;
  ~Service();

  /// An event arrived from the bus.
  void on_event(const ThinEvent& event, Time now);
  /// A source answered, failed or timed out. An answer to a call that is not in flight (any more)
  /// has no effect.
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
  /// start a run from a graph that is already hydrated. Throws InputError when the path or the
  /// payload is not what the provider declares.
  void bootstrap(SourceIndex source, const std::string& path, const std::string& payload, Time now);
  /// Enriches everything that is marked and indexes it, at once. Ends a bootstrap.
  void enrich_all(Time now);

  /// Answers a question (Graph::answer), from the query cache where there is one. Throws InputError
  /// for a question that is not known.
  QueryAnswer ask(const std::string& question, const std::string& uri, Time now);

  /// The search index is away, or back; without effect where it is written with the facts.
  void set_index_up(bool up, Time now);

  std::vector<Notice> take_notices();
  void set_notices(NoticeLevel level);  ///< all by default
  const ServiceCounters& counters() const;
  std::size_t queue_length() const;  ///< documents waiting for a call or for the next attempt
  RequestId next_request() const;    ///< the number that the next call will get
  /// True when nothing is queued, in flight, waiting for a retry, or left for enrichment or an
  /// index that is there.
  bool idle() const;

 private:
  friend class ServiceProbe;
  friend class ServiceStepper;
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace rehearse::mds
