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

}  // namespace rehearse::measure
