#include "measure/recorder.hpp"

#include <algorithm>
#include <cassert>
#include <set>
#include <utility>

#include "mds/hydration/retry.hpp"

namespace rehearse::measure {
namespace {

constexpr std::uint16_t kNoSource = 0xffff;  // of what never changed

// Notices name a document by its URI, a listing by its path.
bool is_listing(const mds::Notice& notice) { return notice.uri.starts_with('/'); }

double ratio(Int128 part, Int128 whole, double otherwise) {
  if (whole == 0) return otherwise;
  return static_cast<double>(static_cast<long double>(part) / static_cast<long double>(whole));
}

double mean_age(const WideSum& doubled, Int128 existing) {
  if (existing == 0) return 0;
  return static_cast<double>(doubled.value() / 2 / static_cast<long double>(existing) / 1e9L);
}

double count(std::uint64_t n) { return static_cast<double>(n); }

void add_lags(Metrics& metrics, const std::string& name, const Lags::Summary& lags) {
  metrics[name + ".p50"] = lags.p50;
  metrics[name + ".p99"] = lags.p99;
  metrics[name + ".max"] = lags.max;
  metrics[name + ".count"] = count(lags.count);
  metrics[name + ".censored"] = count(lags.censored);
}

}  // namespace

Recorder::Recorder(RecorderConfig config)
    : config_(std::move(config)),
      checkpoints_(config_.window, config_.buckets),
      freshness_(config_.window),
      edges_(config_.window),
      events_(config_.window),
      answers_(config_.occasions),
      sources_(config_.sources.size(), SourceUsage(config_.window)) {
  for (const mds::Rule& rule : config_.rules) {
    if (!rule.inverse.empty()) reverse_[rule.inverse] = rule.name;
  }
}

EdgeName Recorder::canonical(const std::string& from, const std::string& relation,
                             const std::string& to) const {
  const auto reverse = reverse_.find(relation);
  if (reverse == reverse_.end()) return {from, relation, to};
  return {to, reverse->second, from};
}

void Recorder::start(const std::vector<world::Truth>& truth,
                     const std::vector<mds::TxReport>& bootstrap,
                     const std::vector<world::Edge>& edges) {
  std::vector<std::string_view> hydrated;
  for (const mds::TxReport& report : bootstrap) {
    for (const mds::DocumentChange& document : report.documents) {
      if (document.live) hydrated.push_back(document.uri);
    }
  }
  std::sort(hydrated.begin(), hydrated.end());
  for (const world::Truth& t : truth) {
    if (!t.exists) continue;
    freshness_.start(names_.number(t.uri), t.version, t.changed_at, t.facts,
                     std::binary_search(hydrated.begin(), hydrated.end(), t.uri));
  }
  std::set<EdgeName> in_graph;
  for (const mds::TxReport& report : bootstrap) {
    take_documents(report, Time{});
    for (const mds::EdgeChange& edge : report.edges) {
      EdgeName name = canonical(edge.from, edge.relation, edge.to);
      if (edge.added) {
        in_graph.insert(std::move(name));
      } else {
        in_graph.erase(name);
      }
    }
  }
  std::vector<EdgeName> in_truth;
  for (const world::Edge& edge : edges) {
    in_truth.push_back(canonical(edge.from, edge.relation, edge.to));
  }
  edges_.start(in_truth, {in_graph.begin(), in_graph.end()});
}

// Brings everything up to `now`, stopping at each checkpoint on the way to write the totals down. A
// checkpoint comes before what happens at its very moment.
void Recorder::tick(Time now) {
  if (now == now_) return;
  now_ = now;
  const std::vector<Time>& times = checkpoints_.times();
  while (written_.size() < times.size() && times[written_.size()] <= now) {
    const Time checkpoint = times[written_.size()];
    advance(checkpoint);
    write_down(checkpoint);
  }
  advance(now);
}

void Recorder::advance(Time now) {
  freshness_.advance(now);
  edges_.advance(now);
  queue_total_ += static_cast<Int128>(queue_) * (now - queue_at_).ns;
  queue_at_ = now;
}

void Recorder::write_down(Time now) {
  written_.push_back({freshness_.totals(), edges_.totals(), queue_total_, events_.published(),
                      events_.count(models::Fate::delivered), requests_,
                      freshness_.take_peak(now)});
}

std::uint32_t Recorder::document_of(const world::Change& change) {
  if (change.entity >= documents_.size()) {
    documents_.resize(change.entity + 1, CallLog::kNoDocument);
  }
  std::uint32_t& document = documents_[change.entity];
  if (document == CallLog::kNoDocument) document = names_.number(change.uri);
  return document;
}

void Recorder::on(const models::ChangeAhead& ahead, Time) const {
  if (ahead.entity < documents_.size()) freshness_.expect(documents_[ahead.entity]);
}

void Recorder::on(const models::Changed& changed, Time now) {
  const auto& [change, edges] = changed;
  tick(now);
  ++changes_;
  const std::uint32_t document = document_of(change);
  // Mostly an event follows at once, and a call after that.
  events_.expect(document);
  calls_.expect(document);
  names_.expect(change.uri, document);
  if (document >= sources_of_.size()) sources_of_.resize(document + 1, kNoSource);
  sources_of_[document] = static_cast<std::uint16_t>(change.source);
  freshness_.changed(document, change.version, change.facts, change.op != world::Op::remove, now);
  events_.changed(change.number, document, change.version,
                  config_.shared_budget ? 0 : change.source);
  if (edges.begun.empty() && edges.ended.empty()) return;
  const auto named = [this](const std::vector<world::Edge>& list) {
    std::vector<EdgeName> names;
    for (const world::Edge& e : list) names.push_back(canonical(e.from, e.relation, e.to));
    return names;
  };
  edges_.truth_changed(named(edges.begun), named(edges.ended), now, {document, change.version});
}

void Recorder::on(const models::Published& published, Time now) {
  tick(now);
  events_.published(published.event, published.change);
}

void Recorder::on(const models::EventFate& fate, Time now) {
  tick(now);
  events_.fate(fate.event, fate.fate, now);
}

void Recorder::on(const mds::SourceRequest& request, Time now) {
  tick(now);
  ++requests_;
  if (request.source.value < sources_.size()) sources_[request.source.value].request(now);
  calls_.sent(request.id, request.source,
              request.uri.empty() ? CallLog::kNoDocument : names_.number(request.uri),
              request.attempt, now);
}

void Recorder::on(const models::CallServed& served, Time now) {
  tick(now);
  for (const std::string& uri : served.lost) {
    if (const auto document = names_.find(uri)) calls_.page_lost(served.request, *document, now);
  }
  if (served.source < sources_.size()) {
    sources_[served.source].service_start(served.waited, served.takes, now);
  }
}

void Recorder::on(const models::CallEnded& ended, Time now) {
  const mds::Response& response = ended.response;
  tick(now);
  const auto meaning = mds::classify(response);
  const bool described =
      meaning == mds::ResponseClass::found || meaning == mds::ResponseClass::not_found;
  const auto source =
      calls_.ended(ended.request, described ? std::string() : mds::describe_failure(response),
                   ended.version, now);
  const bool throttled =
      response.outcome == mds::Response::Outcome::answered && response.status == 429;
  if (throttled && source && source->value < sources_.size()) sources_[source->value].throttle();
}

void Recorder::on(const mds::Notice& notice, Time now) {
  using Kind = mds::Notice::Kind;
  tick(now);
  switch (notice.kind) {
    case Kind::first_call:
      events_.called(notice.event, now);
      break;
    case Kind::dead_lettered:
      ++dead_lettered_;
      if (notice.event.value != 0) events_.dead_lettered(notice.event, notice.detail);
      break;
    case Kind::queue_full:
      ++refused_;
      break;
    case Kind::gave_up:
      if (is_listing(notice)) {
        service_.listing_failed(notice.source, notice.uri, notice.detail, now);
      } else {
        calls_.gave_up(names_.number(notice.uri), notice.detail);
      }
      break;
    case Kind::cache_hit:
      if (notice.event.value != 0) events_.served_from_cache(notice.event, notice.waited);
      break;
    case Kind::payload_stored:
      events_.took_payload(notice.event);
      break;
    case Kind::breaker_opened:
    case Kind::breaker_closed:
      service_.breaker(notice.source, notice.kind == Kind::breaker_opened, now);
      break;
    case Kind::listed:
      service_.listed(notice.source, notice.uri);
      break;
    default:
      break;
  }
}

void Recorder::on(const mds::TxReport& report, Time now) {
  tick(now);
  take_documents(report, now);
  if (report.cause.kind == mds::CauseKind::enrichment && report.cause.request.value == 0) {
    service_.enriched(report.tx, now);
  }
  for (const mds::EdgeChange& edge : report.edges) {
    const EdgeName name = canonical(edge.from, edge.relation, edge.to);
    if (!edges_.graph_changed(name, edge.added, now)) continue;
    ++(edge.added ? edges_materialized_ : edges_retracted_);
  }
}

bool Recorder::payload_again(const mds::Cause& cause) const {
  if (cause.kind != mds::CauseKind::event || cause.request.value != 0) return false;
  const EventRecord* event = events_.find(cause.event);
  return event != nullptr && event->again;
}

void Recorder::take_documents(const mds::TxReport& report, Time now) {
  for (const mds::DocumentChange& copy : report.documents) {
    const std::uint32_t document = names_.number(copy.uri);
    const std::int64_t before = freshness_.copy_version_or_0(document);
    if (before != copy.version) {
      writes_.wrote(document, now, report.cause, before, payload_again(report.cause));
    }
    freshness_.copied(document, copy.live, copy.version, copy.facts, now);
    if (copy.index_waits) {
      index_.waits(document, now);
    } else {
      freshness_.indexed(document, now);
    }
    if (config_.reach && calls_.in_flight(document) == 0) {
      freshness_.forget(document, now - *config_.reach);
    }
  }
  if (report.cause.kind != mds::CauseKind::index) return;
  for (const std::string& uri : report.indexed) {
    const auto document = names_.find(uri);
    if (!document) continue;
    freshness_.indexed(*document, now);
    index_.shown(*document);
  }
  for (const std::string& uri : report.index_lost) {
    if (const auto document = names_.find(uri)) index_.lost(*document, now);
  }
}

void Recorder::on(const models::Acknowledged& acknowledged, Time now) {
  tick(now);
  events_.acknowledged(acknowledged.event);
}

std::optional<ServiceLog::Listing> Recorder::failed_listing(std::uint32_t document) const {
  if (document >= sources_of_.size() || sources_of_[document] == kNoSource) {
    return service_.only_failed_listing();
  }
  return service_.failed_listing(mds::SourceIndex{sources_of_[document]});
}

void Recorder::on(const models::ConditionChanged& changed, Time now) {
  tick(now);
  service_.condition(changed.condition, now);
}

void Recorder::on(const models::AskedQuestion& asked, Time now) {
  tick(now);
  answers_.asked(asked, now);
}

void Recorder::on(const models::QueueLength& queue, Time now) {
  tick(now);
  queue_ = queue.length;
}

void Recorder::finish() {
  tick(config_.window.end);
  assert(written_.size() == checkpoints_.times().size());
  freshness_.finish();
  edges_.finish();
  events_.finish();
}

// ---- results: metrics over the measured window, and the time series ----

Metrics Recorder::metrics(const RunTotals& totals) const {
  assert(written_.size() == checkpoints_.times().size());
  Metrics metrics;
  add_entity_metrics(metrics);
  add_edge_metrics(metrics);
  add_bus_metrics(metrics);
  add_hydration_metrics(metrics, totals.service);
  add_source_metrics(metrics);
  answers_.add_to(metrics);
  metrics["index.rows_lost"] = count(totals.service.index_rows_lost);
  metrics["truth.changes"] = count(changes_);
  metrics["store.datoms"] = count(totals.store.datoms);
  metrics["store.entities"] = count(totals.store.entities);
  metrics["store.edges"] = count(totals.store.edges);
  metrics["store.transactions"] = count(totals.store.transactions);
  metrics["ties"] = count(totals.ties);
  metrics["trace.skipped"] = count(totals.trace_skipped);
  metrics["trace.past_end"] = count(totals.trace_late);
  return metrics;
}

void Recorder::add_entity_metrics(Metrics& metrics) const {
  const Freshness::Totals& begin = written_[checkpoints_.window_begin()].freshness;
  const Freshness::Totals& until = written_[checkpoints_.window_until()].freshness;
  const Int128 existing = until.existing - begin.existing;
  const Int128 stale = until.stale - begin.stale;
  metrics["entity.freshness.mean"] = ratio(existing - stale, existing, 1);
  metrics["entity.age.mean"] = mean_age(until.age_doubled - begin.age_doubled, existing);
  const std::vector<double> ages = freshness_.ages().quantiles({50, 90, 99}, existing);
  metrics["entity.age.p50"] = ages[0];
  metrics["entity.age.p90"] = ages[1];
  metrics["entity.age.p99"] = ages[2];
  metrics["entity.age.max"] = freshness_.ages().max().to_seconds();
  add_lags(metrics, "path.facts.lag", freshness_.facts_lags().summary());
  add_lags(metrics, "path.index.lag", freshness_.index_lags().summary());
}

void Recorder::add_edge_metrics(Metrics& metrics) const {
  const EdgeLedger::Totals& begin = written_[checkpoints_.window_begin()].edges;
  const EdgeLedger::Totals& until = written_[checkpoints_.window_until()].edges;
  const Int128 both = until.both - begin.both;
  metrics["edge.precision.mean"] = ratio(both, until.graph - begin.graph, 1);
  metrics["edge.recall.mean"] = ratio(both, until.truth - begin.truth, 1);
  metrics["edge.precision.final"] = edges_.sizes().precision();
  metrics["edge.recall.final"] = edges_.sizes().recall();
  metrics["edge.never_seen"] = count(edges_.never_seen());
  metrics["edge.phantom"] = count(edges_.phantoms());
  add_lags(metrics, "edge.lag", edges_.lags().summary());
  add_lags(metrics, "edge.retraction_lag", edges_.retraction_lags().summary());
  add_lags(metrics, "path.edges.lag", edges_.path_lags().summary());
  metrics["enrichment.edges_materialized"] = count(edges_materialized_);
  metrics["enrichment.edges_retracted"] = count(edges_retracted_);
}

void Recorder::add_bus_metrics(Metrics& metrics) const {
  using models::Fate;
  metrics["bus.published"] = count(events_.published());
  for (const auto& [name, fate] :
       {std::pair{"bus.delivered", Fate::delivered}, std::pair{"bus.dropped", Fate::dropped},
        std::pair{"bus.duplicated", Fate::duplicated}, std::pair{"bus.reordered", Fate::reordered},
        std::pair{"bus.held", Fate::held}, std::pair{"bus.expired", Fate::expired},
        std::pair{"bus.redelivered", Fate::redelivered}}) {
    metrics[name] = count(events_.count(fate));
  }
}

void Recorder::add_hydration_metrics(Metrics& metrics, const mds::ServiceCounters& service) const {
  metrics["events.dead_lettered"] = count(dead_lettered_);
  metrics["hydration.requests"] = count(requests_);
  for (const mds::CounterField& field : mds::counter_fields()) {
    if (!field.metric.empty()) metrics[std::string(field.metric)] = count(service.*field.value);
  }
  metrics["hydration.queue.refused"] = count(refused_);
  const Lags::Summary waits = events_.waits().summary();
  add_lags(metrics, "hydration.wait", waits);
  metrics["hydration.wait.mean"] = waits.mean;
}

void Recorder::add_source_metrics(Metrics& metrics) const {
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    const SourceUsage& usage = sources_[i];
    const std::string prefix = "source." + config_.sources[i].name + ".";
    metrics[prefix + "requests"] = count(usage.requests());
    metrics[prefix + "throttled"] = count(usage.throttled());
    metrics[prefix + "rate.mean"] = usage.rate_mean();
    metrics[prefix + "rate.peak_1m"] = usage.rate_peak_1m();
    metrics[prefix + "utilization"] = usage.utilization(config_.sources[i].servers);
    metrics[prefix + "api.wait.mean"] = usage.wait_mean();
  }
}

std::vector<Bucket> Recorder::series() const {
  assert(written_.size() == checkpoints_.times().size());
  const std::vector<std::size_t>& borders = checkpoints_.bucket_borders();
  std::vector<Bucket> series;
  for (std::size_t i = 0; i + 1 < borders.size(); ++i) {
    if (borders[i] == borders[i + 1]) continue;  // a run of fewer nanoseconds than buckets
    const Totals& a = written_[borders[i]];
    const Totals& b = written_[borders[i + 1]];
    Bucket bucket;
    bucket.begin = checkpoints_.times()[borders[i]];
    bucket.end = checkpoints_.times()[borders[i + 1]];
    const Int128 length = (bucket.end - bucket.begin).ns;
    const double seconds = (bucket.end - bucket.begin).to_seconds();
    const Int128 existing = b.freshness.existing - a.freshness.existing;
    const Int128 stale = b.freshness.stale - a.freshness.stale;
    bucket.freshness = ratio(existing - stale, existing, 1);
    bucket.stale_entities = ratio(stale, length, 0);
    bucket.age_mean = mean_age(b.freshness.age_doubled - a.freshness.age_doubled, existing);
    for (std::size_t k = borders[i] + 1; k <= borders[i + 1]; ++k) {
      bucket.age_max = std::max(bucket.age_max, written_[k].age_peak.to_seconds());
    }
    const Int128 both = b.edges.both - a.edges.both;
    bucket.edge_precision = ratio(both, b.edges.graph - a.edges.graph, 1);
    bucket.edge_recall = ratio(both, b.edges.truth - a.edges.truth, 1);
    bucket.queue_length = ratio(b.queue - a.queue, length, 0);
    bucket.published = count(b.published - a.published) / seconds;
    bucket.delivered = count(b.delivered - a.delivered) / seconds;
    bucket.hydration_requests = count(b.requests - a.requests) / seconds;
    series.push_back(bucket);
  }
  return series;
}

}  // namespace rehearse::measure
