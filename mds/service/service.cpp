#include "mds/service/service.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "mds/graph/graph.hpp"
#include "mds/service/service_state.hpp"

namespace rehearse::mds {

Service::State::State(const ServiceConfig& settings, Store& graph, Time start,
                      RequestId first_request)
    : config(&settings),
      store(&graph),
      catalogue(std::make_shared<const Catalogue>(settings.providers)),
      dispatcher(settings, *catalogue),
      cache(settings.hydration.cache_ttl),
      answers(settings.query_cache),
      next_request(first_request),
      now(start) {
  enrichment.origin = start;
  if (settings.enrichment.every) enrichment.next_tick = start + *settings.enrichment.every;
  reconciliation.lanes.resize(settings.providers.size());
  if (settings.reconciliation.every) reconciliation.next_round = start;
  take_up_index(start);
}

void Service::State::tell(NoticeLevel level, Notice::Kind kind, const DocumentKey& document,
                          RequestId request, std::string detail) {
  if (!telling(level)) return;
  Notice notice;
  notice.kind = kind;
  notice.source = source_of(document);
  notice.request = request;
  notice.uri = catalogue->uri_of(document);
  notice.detail = std::move(detail);
  tell(std::move(notice));
}

void Service::State::tell(NoticeLevel level, Notice::Kind kind, const Job& job,
                          std::string detail) {
  if (!telling(level)) return;
  Notice notice;
  notice.kind = kind;
  notice.source = source_of(job.document);
  notice.request = job.request;
  notice.uri = name_of(job);
  notice.detail = std::move(detail);
  tell(std::move(notice));
}

std::string Service::State::name_of(const Job& job) const {
  return job.listing ? catalogue->contracts()[job.document.contract].type->list_path
                     : catalogue->uri_of(job.document);
}

void Service::State::advance(Time to) {
  assert(to >= now);
  now = to;
}

void Service::State::on_timer(Time at) {
  while (const auto job = dispatcher.take_due(at)) queue_again(*job, at);
  if (const auto tick = next_tick(at); tick && *tick <= at) enrichment_tick(at);
  if (reconciliation.next_round <= at) {
    const Duration period = *config->reconciliation.every;
    const Time start = Time{} + period * ((at - Time{}) / period);
    reconciliation.next_round = start + period;
    begin_round(start, period, at);
  }
  reconcile_due(at);
  start_calls(at);
  if (commit_due <= at) store->flush();
  release_acks();
}

std::optional<Time> Service::State::next_wakeup() const {
  Time when = std::min(dispatcher.next(), reconciliation.next_round);
  if (!reconciliation.blocked &&
      (config->reconciliation.order != ReconciliationConfig::Order::on_idle ||
       reconciliation.spread == Duration{})) {
    when = std::min(when, reconciliation.next_due());
  }
  if (const auto tick = next_tick(now)) when = std::min(when, *tick);
  when = std::min({when, commit_due, next_index_step()});
  if (when == Time::never()) return std::nullopt;
  return std::max(when, now);
}

Service::Service(const ServiceConfig& config, Store& store, Time now, RequestId first_request)
    : state_(std::make_unique<State>(config, store, now, first_request)) {}
Service::Service(const Service& other) : state_(std::make_unique<State>(*other.state_)) {}
Service& Service::operator=(const Service& other) {
  if (state_) {
    *state_ = *other.state_;
  } else {
    state_ = std::make_unique<State>(*other.state_);
  }
  return *this;
}
Service::Service(Service&& other) noexcept = default;
Service& Service::operator=(Service&& other) noexcept = default;
Service::~Service() = default;

void Service::on_event(const ThinEvent& event, Time now) {
  state_->advance(now);
  state_->on_event(event, now);
  state_->start_calls(now);
  state_->follow_index(now);
}

void Service::on_response(RequestId request, const Response& response, Time now) {
  state_->advance(now);
  state_->on_response(request, response, now);
  state_->continue_pass(now);
  state_->start_calls(now);
  state_->follow_index(now);
}

void Service::on_timer(Time now) {
  state_->advance(now);
  state_->on_timer(now);
  state_->follow_index(now);
}

std::vector<SourceRequest> Service::take_requests() { return std::exchange(state_->requests, {}); }
std::vector<EventId> Service::take_acks() {
  state_->release_acks();
  return std::exchange(state_->acks, {});
}
std::optional<Time> Service::next_wakeup() const { return state_->next_wakeup(); }

void Service::bootstrap(SourceIndex source, const std::string& path, const std::string& payload,
                        Time now) {
  state_->advance(now);
  state_->bootstrap(source, path, payload, now);
}

void Service::enrich_all(Time now) {
  state_->advance(now);
  state_->enrich_marked(now);
  state_->catch_up_index(now);
}

void Service::set_index_up(bool up, Time now) {
  state_->advance(now);
  state_->set_index_up(up, now);
}

QueryAnswer Service::ask(const std::string& question, const std::string& uri, Time now) {
  const std::uint64_t datoms = state_->store->counts().datoms;
  if (const QueryCache::Entry* kept = state_->answers.find(question, uri, datoms, now)) {
    ++state_->counters.query_cache_hits;
    return {kept->uris, kept->made, true};
  }
  QueryAnswer answer{Graph(*state_->store).answer(question, uri), now, false};
  state_->answers.keep(question, uri, {now, datoms, answer.uris});
  return answer;
}

std::vector<Notice> Service::take_notices() { return std::exchange(state_->notices, {}); }
void Service::set_notices(NoticeLevel level) { state_->notice_level = level; }
const ServiceCounters& Service::counters() const { return state_->counters; }
std::size_t Service::queue_length() const { return state_->dispatcher.waiting(); }
RequestId Service::next_request() const { return state_->next_request; }

bool Service::idle() const {
  return state_->dispatcher.jobs.size() == 0 && state_->unsaved.empty() &&
         !state_->indexing_has_work() &&
         (!state_->config->enrichment.every || !state_->enrichment_has_work());
}

}  // namespace rehearse::mds
