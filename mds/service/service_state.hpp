// The inside of the service: its state and the steps that change it, grouped by stage. Each group
// has a file of its own (service_*.cpp). Only those include this.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "mds/contract/catalogue.hpp"
#include "mds/contract/untrusted.hpp"
#include "mds/hydration/dispatcher.hpp"
#include "mds/hydration/response_cache.hpp"
#include "mds/service/query_cache.hpp"
#include "mds/service/service.hpp"
#include "mds/upkeep/reconciliation.hpp"

namespace rehearse::mds {

/// The periodic search for entities known by reference only. Stubs are numbered by the store, and
/// the cursor has passed those that were looked at: each is asked for once, and again only after a
/// failure that may pass.
struct EnrichmentState {
  struct Failed {
    int failures = 0;
    Time retry_at;
    std::vector<std::string> part_stubs;
  };
  Time origin;  ///< ticks are at origin + k * every
  Time next_tick;
  bool wanted = true;           ///< something was stored since a tick last found nothing to do
  bool passing = false;         ///< a pass through the stubs is under way
  std::size_t outstanding = 0;  ///< jobs that the pass waits for
  std::uint64_t cursor = 0;     ///< number of the last stub looked at
  std::map<DocumentKey, Failed> failed;
  std::set<std::pair<Time, DocumentKey>> retries;
};

/// Index rows that wait for their time, where the index follows the facts (service_index.cpp).
struct IndexState {
  struct Plan {
    Time at;
    std::uint64_t transaction = 0;  ///< up to which rows are written
  };
  std::deque<Plan> due;       ///< neither times nor transactions fall
  std::uint64_t planned = 0;  ///< the last transaction with a plan
  Time free_at;               ///< when the index takes rows again
  bool up = true;
  bool missed = false;  ///< rows were given up
};

struct Service::State {
  struct Printer;  // probe.cpp

  State(const ServiceConfig& config, Store& store, Time now, RequestId first_request);

  // ---- ingestion (service_ingestion.cpp) ----
  void on_event(const ThinEvent& event, Time now);
  void demand_for_event(DocumentKey document, PendingEvent event, SourceIndex source, Time now);
  bool make_room(Time now);
  void take_payload(const ThinEvent& event, DocumentKey document, bool removal,
                    const JsonText& body, Time now);

  // ---- calls and answers (service_calls.cpp) ----
  void start_calls(Time now);
  void send(JobIndex job, Time now);
  void on_response(RequestId request, const Response& response, Time now);
  void on_document(JobIndex job, const Response& response, Time now);
  void on_failure(JobIndex job, const Response& response, Time now);
  void give_up(JobIndex job, const std::string& why, bool may_pass, Time now);
  void settle(JobIndex job, Time now);
  void reopen_or_close(JobIndex job, Time now);
  void queue_again(JobIndex job, Time now);
  bool answer_from_cache(const DocumentKey& document, const std::vector<PendingEvent>& events,
                         WorkClass work, Time now);
  void tell_cache_hit(const DocumentKey& document, const std::vector<PendingEvent>& events,
                      Duration age);
  bool room() const { return dispatcher.waiting() < config->hydration.queue_limit; }
  void note_waiting();

  // ---- writing (service_writes.cpp) ----
  struct Answer {
    const DocumentKey& document;
    Time sent;  ///< when the call was sent
    Cause cause;
    const std::vector<std::string>& part_stubs;
  };
  void store_found(const Answer& answer, const Document& document, Time now);
  void store_not_found(const Answer& answer, Time now);
  void drop_missing_parts(const Answer& answer, Time now);
  void check_acceptable(const DocumentKey& key, const Document& document) const;
  Document normalised(const DocumentKey& document, std::string_view body) const;
  void dead_letter(const std::vector<PendingEvent>& events, SourceIndex source,
                   const std::string& reason, std::string_view body, Time now);
  void acknowledge(const std::vector<PendingEvent>& events);
  void release_acks();
  Cause cause_of(WorkClass work, const std::vector<PendingEvent>& events, RequestId request) const;
  void bootstrap(SourceIndex source, const std::string& path, const std::string& payload, Time now);

  // ---- enrichment (service_enrichment.cpp) ----
  void enrich_marked(Time now);
  void enrichment_tick(Time now);
  void continue_pass(Time now);
  void demand_stub(DocumentKey document, std::vector<std::string> part_stubs, Time now);
  void stub_failed(const DocumentKey& document, std::vector<std::string> part_stubs, Time now);
  void stub_settled(const DocumentKey& document);
  bool stubs_left();
  bool enrichment_has_work();
  bool enrichment_due();
  std::optional<Time> next_tick(Time now) const;
  void wake_enrichment(Time now);

  // ---- reconciliation (service_reconciliation.cpp) ----
  void begin_round(Time start, Duration spread, Time now);
  void reconcile_due(Time now);
  void feed_idle_lanes(Time now);
  void demand_reconciliation(const DocumentKey& document, Time now);
  void on_listing(JobIndex job, const Response& response, Time now);
  void listed(std::uint32_t contract, const std::vector<std::string>& ids, Time now);
  void delete_unlisted(std::uint32_t contract, Time now);
  void want_listing(std::uint32_t contract);
  void begin_listing(std::uint32_t contract, RoundListing& listing);
  void listing_ended(JobIndex job, ListingEnd how, Time now);
  void tell_listed(std::uint32_t contract, std::size_t count);

  // ---- an index that follows (service_index.cpp) ----
  void take_up_index(Time now);
  void plan_index(Time now);
  void follow_index(Time now);
  bool write_index_rows(std::uint64_t until, Time now);
  void drop_index_rows(std::uint64_t until, Time now);
  void recover_index(Time now);
  void set_index_up(bool up, Time now);
  void catch_up_index(Time now);
  bool indexing_has_work() const;
  Time next_index_step() const;

  // ---- time (service.cpp) ----
  /// A call from outside. REQUIRES: times do not go back.
  void advance(Time to);
  void on_timer(Time now);
  std::optional<Time> next_wakeup() const;

  // ---- notices ----
  bool telling(NoticeLevel level) const { return notice_level >= level; }
  void tell(Notice notice) { notices.push_back(std::move(notice)); }
  void tell(NoticeLevel level, Notice::Kind kind, const DocumentKey& document, RequestId request,
            std::string detail = {});
  /// About the call of a job.
  void tell(NoticeLevel level, Notice::Kind kind, const Job& job, std::string detail = {});
  /// The URI of a document; the path of a listing.
  std::string name_of(const Job& job) const;

  SourceIndex source_of(const DocumentKey& document) const {
    return catalogue->contracts()[document.contract].source;
  }

  const ServiceConfig* config;
  Store* store;
  // Shared between copies because it is large, never changes and points into the configuration.
  std::shared_ptr<const Catalogue> catalogue;
  Dispatcher dispatcher;
  ResponseCache cache;
  EnrichmentState enrichment;
  ReconciliationState reconciliation;
  IndexState indexing;
  QueryCache answers;
  std::unordered_map<std::uint64_t, JobIndex> calling;  // by request; looked up only
  RequestId next_request;
  Time now;  ///< of the last call from outside
  std::vector<SourceRequest> requests;
  struct UnsavedAck {
    EventId event;
    std::uint64_t transaction = 0;  ///< that must be durable first
  };
  std::deque<UnsavedAck> unsaved;
  Time commit_due = Time::never();  ///< when the oldest of `unsaved` has waited long enough
  std::vector<EventId> acks;
  std::vector<Notice> notices;
  NoticeLevel notice_level = NoticeLevel::all;
  ServiceCounters counters;
};

}  // namespace rehearse::mds
