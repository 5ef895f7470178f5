#include "mds/service/service.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "mds/graph/graph.hpp"
#include "mds/hydration/intake.hpp"
#include "mds/hydration/writes.hpp"
#include "mds/service/service_state.hpp"

namespace rehearse::mds {

Service::State::State(const ServiceConfig& settings, Store& graph, Time start,
                      RequestId first_request)
    : config(&settings),
      store(&graph),
      catalogue(std::make_shared<const Catalogue>(settings.providers)),
      hydration(settings, *catalogue, first_request),
      enrichment(settings.enrichment, start),
      reconciliation(settings, start),
      answers(settings.query_cache),
      now(start) {
  index.take_up(turn(start));
}

Turn Service::State::turn(Time at) {
  assert(at >= now);
  now = at;
  return {*config, *catalogue, *store, notices, counters, acks, at};
}

void Service::State::hand_on(Outcome&& outcome, Turn& turn) {
  if (std::holds_alternative<std::monostate>(outcome)) return;
  if (const auto* end = std::get_if<FetchEnd>(&outcome)) {
    if (end->for_enrichment) enrichment.on_fetch_end(*end, turn);
    if (end->for_round) reconciliation.on_fetch_end(*end, turn);
  } else if (auto* listed = std::get_if<Listed>(&outcome)) {
    reconciliation.on_listed(std::move(*listed), hydration, turn);
  } else if (auto* lost = std::get_if<ListingLost>(&outcome)) {
    reconciliation.on_listing_lost(std::move(*lost));
  }
}

void Service::State::start_work(Turn& turn) {
  start_calls(turn);
  if (turn.changed) enrichment.wake(turn);
  index.follow(turn);
}

void Service::State::start_calls(Turn& turn) {
  reconciliation.feed_idle_lanes(hydration, turn);
  while (hydration.start_call(turn)) {
    if (reconciliation.blocked()) reconciliation.queue_due(hydration, turn);
    reconciliation.feed_idle_lanes(hydration, turn);
  }
}

void Service::State::on_timer(Turn& turn) {
  hydration.queue_due(turn);
  if (enrichment.next(config->enrichment) <= turn.now) enrichment.tick(hydration, turn);
  reconciliation.begin_due(turn);
  reconciliation.queue_due(hydration, turn);
  acks.flush_due(*store, turn.now);
  start_work(turn);
}

std::optional<Time> Service::State::next_wakeup() const {
  const Time when =
      std::min({hydration.next(), reconciliation.next(config->reconciliation),
                enrichment.next(config->enrichment), acks.due(), index.next(config->index)});
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
  Turn turn = state_->turn(now);
  state_->hand_on(take_in(event, state_->hydration, turn), turn);
  state_->start_work(turn);
}

void Service::on_response(RequestId request, const Response& response, Time now) {
  Turn turn = state_->turn(now);
  state_->hand_on(state_->hydration.on_response(request, response, turn), turn);
  state_->enrichment.continue_pass(state_->hydration, turn);
  state_->start_work(turn);
}

void Service::on_timer(Time now) {
  Turn turn = state_->turn(now);
  state_->on_timer(turn);
}

std::vector<SourceRequest> Service::take_requests() { return state_->hydration.take_requests(); }
std::vector<EventId> Service::take_acks() { return state_->acks.take(*state_->store); }
std::optional<Time> Service::next_wakeup() const { return state_->next_wakeup(); }

void Service::bootstrap(SourceIndex source, const std::string& path, const std::string& payload,
                        Time now) {
  Turn turn = state_->turn(now);
  store_bootstrap(source, path, payload, turn);
  state_->enrichment.wake(turn);
}

void Service::enrich_all(Time now) {
  const Turn turn = state_->turn(now);
  state_->enrichment.enrich_marked(turn);
  state_->index.catch_up(turn);
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

void Service::set_index_up(bool up, Time now) { state_->index.set_up(up, state_->turn(now)); }

std::vector<Notice> Service::take_notices() { return state_->notices.take(); }
void Service::set_notices(NoticeLevel level) { state_->notices.set_level(level); }
const ServiceCounters& Service::counters() const { return state_->counters; }
std::size_t Service::queue_length() const { return state_->hydration.waiting(); }
RequestId Service::next_request() const { return state_->hydration.next_request(); }

bool Service::idle() const {
  return state_->hydration.idle() && state_->acks.waiting() == 0 &&
         !state_->index.has_work(*state_->store) &&
         (!state_->config->enrichment.every ||
          !state_->enrichment.has_work(state_->turn(state_->now)));
}

}  // namespace rehearse::mds
