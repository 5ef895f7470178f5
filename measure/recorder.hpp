// Measures a run: compares what the graph's transactions say with what is true, as both change.
//
// The recorder hears every change, event, call, notice and transaction in the order in which they
// happen and keeps exact integer totals (see freshness.hpp, edge_ledger.hpp, event_log.hpp,
// source_usage.hpp for the definitions). At checkpoints it writes the totals down; means over the
// measured window and the time series are differences of what it wrote.
//
// Of notices it needs only those that the service counts as measures; what else it counts comes
// with its counters at the end.
//
// Order of calls: start(), then what happens, at times that never fall, then finish(),
// then the results. The recorder looks at nothing but what it is told, so what it believes can be
// held against an audit of the world and the store afterwards (audit.hpp).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "mds/service/service_counters.hpp"
#include "mds/upkeep/rule.hpp"
#include "measure/answer_log.hpp"
#include "measure/call_log.hpp"
#include "measure/checkpoints.hpp"
#include "measure/edge_ledger.hpp"
#include "measure/event_log.hpp"
#include "measure/freshness.hpp"
#include "measure/index_log.hpp"
#include "measure/interner.hpp"
#include "measure/metrics.hpp"
#include "measure/series.hpp"
#include "measure/service_log.hpp"
#include "measure/source_usage.hpp"
#include "measure/window.hpp"
#include "measure/write_log.hpp"
#include "models/host/happening.hpp"

namespace rehearse::measure {

struct MeasuredSource {
  std::string name;
  std::int64_t servers = 1;  ///< of its API
};

struct RecorderConfig {
  Window window;
  std::vector<MeasuredSource> sources;  ///< in the order of mds::SourceIndex
  std::vector<mds::Rule> rules;         ///< to tell an edge's reverse from the edge
  int buckets = 200;                    ///< of the time series
  bool retraction = true;               ///< enrichment retracts
  bool shared_budget = false;           ///< calls to all sources wait in one queue
  /// On which models ask the graph: models::Declaration::occasions.
  std::vector<std::string> occasions = {};
  /// How long after it was replaced a state may still come to the graph, but by a call that was
  /// under way; nullopt: however long.
  std::optional<Duration> reach;
};

/// Numbers that only others know, at the end of the run.
struct RunTotals {
  mds::StoreCounts store;
  mds::ServiceCounters service;  ///< over all lives of the service
  std::uint64_t ties = 0;
  std::uint64_t trace_skipped = 0;
  std::uint64_t trace_late = 0;
};

class Recorder {
 public:
  static constexpr mds::NoticeLevel kNotices = mds::NoticeLevel::measures;

  explicit Recorder(RecorderConfig config);

  /// The state before time 0: what exists (World::all), the transactions that filled the graph
  /// (none for a cold start), and the derived edges that hold (Oracle::edges).
  void start(const std::vector<world::Truth>& truth, const std::vector<mds::TxReport>& bootstrap,
             const std::vector<world::Edge>& edges);

  void on(const models::ChangeAhead& ahead, Time) const;
  void on(const models::Changed& changed, Time now);
  void on(const models::Published& published, Time now);
  void on(const models::EventFate& fate, Time now);
  void on(const mds::SourceRequest& request, Time now);
  void on(const models::CallServed& served, Time now);
  void on(const models::CallEnded& ended, Time now);
  void on(const mds::Notice& notice, Time now);
  void on(const mds::TxReport& report, Time now);
  void on(const models::Acknowledged& acknowledged, Time now);
  void on(const models::QueueLength& queue, Time now);
  void on(const models::ConditionChanged& changed, Time now);
  void on(const models::AskedQuestion& asked, Time now);

  /// Questions that are asked from now on are for the audit's divergences and no metric counts
  /// them.
  void stop_counting_answers() { answers_.stop_counting(); }
  /// Ends the run at the end of its window's quiescence. Call once.
  void finish();

  // ---- after finish() ----
  /// All metrics of the catalogue but those of the audit.
  Metrics metrics(const RunTotals& totals) const;
  std::vector<Bucket> series() const;

  // ---- what the recorder believes; at any time ----
  const Freshness& freshness() const { return freshness_; }
  const EdgeLedger& edges() const { return edges_; }
  const EventLog& events() const { return events_; }
  const CallLog& calls() const { return calls_; }
  const WriteLog& writes() const { return writes_; }
  const ServiceLog& service() const { return service_; }
  /// The last listing of the document's source, where it failed.
  std::optional<ServiceLog::Listing> failed_listing(std::uint32_t document) const;
  const AnswerLog& answers() const { return answers_; }
  const IndexLog& index() const { return index_; }
  std::optional<std::uint32_t> document(std::string_view uri) const { return names_.find(uri); }
  std::string uri(std::uint32_t document) const { return names_.name(document); }
  std::uint32_t documents() const { return names_.size(); }
  const RecorderConfig& config() const { return config_; }
  /// The edge in its rule's direction.
  EdgeName canonical(const std::string& from, const std::string& relation,
                     const std::string& to) const;

 private:
  struct Totals {  // running totals at a checkpoint
    Freshness::Totals freshness;
    EdgeLedger::Totals edges;
    Int128 queue = 0;
    std::uint64_t published = 0;
    std::uint64_t delivered = 0;
    std::uint64_t requests = 0;
    Duration age_peak;  // since the checkpoint before
  };

  void tick(Time now);
  void advance(Time now);
  void write_down(Time now);
  std::uint32_t document_of(const world::Change& change);
  void take_documents(const mds::TxReport& report, Time now);
  /// The transaction's document is the state that an event carried which came again.
  bool payload_again(const mds::Cause& cause) const;
  void add_entity_metrics(Metrics& metrics) const;
  void add_edge_metrics(Metrics& metrics) const;
  void add_bus_metrics(Metrics& metrics) const;
  void add_hydration_metrics(Metrics& metrics, const mds::ServiceCounters& service) const;
  void add_source_metrics(Metrics& metrics) const;

  RecorderConfig config_;
  Checkpoints checkpoints_;
  Interner names_;
  std::vector<std::uint32_t> documents_;  // by slot in the world; kNoDocument where not seen
  Freshness freshness_;
  EdgeLedger edges_;
  EventLog events_;
  CallLog calls_;
  WriteLog writes_;
  ServiceLog service_;
  AnswerLog answers_;
  IndexLog index_;
  std::vector<SourceUsage> sources_;
  std::vector<std::uint16_t> sources_of_;                    // by document
  std::map<std::string, std::string, std::less<>> reverse_;  // name of the reverse -> rule's name
  std::vector<Totals> written_;

  Time now_{-1};   // of the last call; before the first one no checkpoint has been passed
  Time queue_at_;  // the queue is counted up to here
  std::size_t queue_ = 0;
  Int128 queue_total_ = 0;
  std::uint64_t changes_ = 0;
  std::uint64_t requests_ = 0;
  std::uint64_t dead_lettered_ = 0;
  std::uint64_t refused_ = 0;
  std::uint64_t edges_materialized_ = 0;
  std::uint64_t edges_retracted_ = 0;
};

}  // namespace rehearse::measure
