// Hydration: the state of documents fetched from their sources, and what becomes of the answers.
//
//   demand -> job (jobs.hpp) -> call (calls.hpp) -> answer -> normalise (normaliser.hpp) -> store
//   (writes.hpp)
//
// Events, enrichment and reconciliation demand; of a document there is one job that works for all
// of them. What the work for enrichment and reconciliation came to is handed back as an Outcome.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "mds/contract/listing.hpp"
#include "mds/hydration/calls.hpp"
#include "mds/hydration/response_cache.hpp"
#include "mds/service/turn.hpp"

namespace rehearse::mds {

/// A fetch that enrichment or a round waited for is over: answered for good, with a failure that
/// may pass, or put aside for an event that found the queue full.
struct FetchEnd {
  enum class How : std::uint8_t { settled, failed, displaced };
  How how;
  bool for_enrichment;
  bool for_round;
  DocumentKey document;
  std::vector<std::string> part_stubs;  ///< parts known by reference that it should have found
};

/// A page of a listing has come; its job waits for next_page or close_listing.
struct Listed {
  JobIndex job;
  std::uint32_t contract;
  Time sent;  ///< when the call for it was sent
  ListingPage page;
};

/// A listing is over before its last page.
struct ListingLost {
  std::uint32_t contract;
  std::string resume;  ///< cursor of a page that may be had later; empty where to begin anew
};

/// What work for enrichment or a round came to; who asked for it must be told.
using Outcome = std::variant<std::monostate, FetchEnd, Listed, ListingLost>;

class Hydration {
 public:
  /// Calls are numbered from `first`. REQUIRES: `config` outlives this.
  Hydration(const ServiceConfig& config, const Catalogue& catalogue, RequestId first);

  // ---- demand ----
  /// The outcome is that of work that gave way to the event. Throws Refusal when the queue is full.
  [[nodiscard]] Outcome demand(DocumentKey document, PendingEvent event, Turn& turn);
  /// What a demand of enrichment led to: a fetch that it waits for from now on, or already did; an
  /// answer from the cache; nothing, the queue being full.
  enum class Demand : std::uint8_t { waits, waits_already, answered, refused };
  /// `part_stubs`: parts known by reference that the fetch should find.
  Demand demand_stub(const DocumentKey& document, const std::vector<std::string>& part_stubs,
                     Turn& turn);
  /// False when the document is being fetched as it is. REQUIRES: room.
  bool demand_for_round(const DocumentKey& document, const Turn& turn);
  bool room(const Turn& turn) const { return calls_.room(turn); }
  /// Nothing waits for a call to the source.
  bool lane_empty(SourceIndex source) const { return calls_.dispatcher().lane_empty(source); }

  // ---- listings ----
  /// Asks for the page of a contract's listing at `cursor`; empty: the first. It comes as Listed.
  void open_listing(std::uint32_t contract, std::string cursor, const Turn& turn);
  void next_page(JobIndex job, std::string cursor, const Turn& turn);
  void close_listing(JobIndex job);

  // ---- calls ----
  /// Starts the next call, if one may start.
  bool start_call(const Turn& turn) { return calls_.start(turn); }
  /// The end of a call. One that is not in flight (any more) has no effect.
  [[nodiscard]] Outcome on_response(RequestId request, const Response& response, Turn& turn);
  /// Queues what has backed off long enough.
  void queue_due(const Turn& turn) { calls_.queue_due(turn); }
  /// The calls begun since the last time.
  std::vector<SourceRequest> take_requests() { return calls_.take_requests(); }

  /// When start_call or queue_due will have something to do.
  Time next() const { return calls_.next(); }
  /// The number that the next call will get.
  RequestId next_request() const { return calls_.next_request(); }
  /// Documents and pages that wait for a call or for the next attempt.
  std::size_t waiting() const { return calls_.dispatcher().waiting(); }
  /// Nothing waits or is in flight.
  bool idle() const { return calls_.dispatcher().jobs.size() == 0; }
  /// For fingerprints.
  const Dispatcher& dispatcher() const { return calls_.dispatcher(); }
  const ResponseCache& cache() const { return cache_; }

 private:
  Outcome on_page(JobIndex job, const Response& response, const Turn& turn);
  Outcome on_document(JobIndex job, const Response& response, Turn& turn);
  void store_answer(const Job& job, const Response& response, Turn& turn);
  Outcome give_up(JobIndex job, const Response& response, FetchEnd::How how, Turn& turn);
  Outcome lose_listing(JobIndex job);
  Outcome settle(JobIndex job, FetchEnd::How how, Turn& turn);
  void reopen_or_close(JobIndex job, Turn& turn);
  void join(JobIndex job, PendingEvent event, const Turn& turn);
  Outcome make_room(const DocumentKey& document, Turn& turn);
  bool answer_from_cache(const DocumentKey& document, const std::vector<PendingEvent>& events,
                         WorkClass work, Turn& turn);

  Calls calls_;
  ResponseCache cache_;
};

}  // namespace rehearse::mds
