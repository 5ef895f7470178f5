// Calls: started as budgets allow, and what becomes of their answers.
#include <algorithm>
#include <cassert>
#include <utility>

#include "mds/contract/listing.hpp"
#include "mds/hydration/retry.hpp"
#include "mds/service/service_state.hpp"

namespace rehearse::mds {
namespace {

/// A source may ask for patience, but not switch itself off for good.
constexpr Duration kMostPatience = Duration::hours(1);

/// Throttled, with a later time at which to come again.
bool asks_for_patience(const Response& response) {
  return response.outcome == Response::Outcome::answered && response.status == 429 &&
         response.retry_after && *response.retry_after > Duration{};
}

}  // namespace

void Service::State::note_waiting() {
  counters.queue_max = std::max<std::uint64_t>(counters.queue_max, dispatcher.waiting());
}

void Service::State::start_calls(Time at) {
  feed_idle_lanes(at);
  while (const auto job = dispatcher.start(at)) {
    send(*job, at);
    if (reconciliation.blocked) reconcile_due(at);
    feed_idle_lanes(at);
  }
}

void Service::State::send(JobIndex index, Time at) {
  Job& job = dispatcher.jobs[index];
  const Contract& contract = catalogue->contracts()[job.document.contract];
  job.request = next_request;
  ++next_request.value;
  job.sent = at;
  ++job.attempt;
  ++counters.requests;
  SourceRequest request;
  request.id = job.request;
  request.source = contract.source;
  request.work = job.work;
  request.attempt = job.attempt;
  request.timeout = config->hydration.timeout;
  if (job.listing) {
    request.path = listing_path(*contract.provider, *contract.type, job.document.id);
  } else {
    request.path = contract.type->path_of(job.document.id);
    request.uri = catalogue->uri_of(job.document);
    store->expect(request.uri);
  }
  for (const PendingEvent& event : job.arrived) {
    if (telling(NoticeLevel::measures)) {
      Notice notice;
      notice.kind = Notice::Kind::first_call;
      notice.source = contract.source;
      notice.event = event.id;
      notice.request = job.request;
      notice.waited = at - event.arrived;
      if (telling(NoticeLevel::all)) notice.uri = request.uri;
      tell(std::move(notice));
    }
    job.answered.push_back(event);
  }
  job.arrived.clear();
  const bool added = calling.emplace(job.request.value, index).second;
  assert(added);
  requests.push_back(std::move(request));
}

void Service::State::on_response(RequestId request, const Response& response, Time at) {
  const auto found = calling.find(request.value);
  if (found == calling.end()) return;
  const JobIndex index = found->second;
  calling.erase(found);
  const Job& job = dispatcher.jobs[index];
  const SourceIndex source = source_of(job.document);
  const bool answered = response.outcome == Response::Outcome::answered;
  const bool healthy = answered && response.status < 500;
  switch (dispatcher.finish(job, source, healthy, at)) {
    case CircuitBreaker::Turn::opened:
      tell(NoticeLevel::measures, Notice::Kind::breaker_opened, job);
      break;
    case CircuitBreaker::Turn::closed:
      tell(NoticeLevel::measures, Notice::Kind::breaker_closed, job);
      break;
    case CircuitBreaker::Turn::none:
      break;
  }
  if (answered && (response.status == 429 || response.status == 503) && response.retry_after) {
    dispatcher.hold(source, at + std::clamp(*response.retry_after, Duration{}, kMostPatience));
  }
  const ResponseClass meaning = classify(response);
  if (meaning == ResponseClass::transient) {
    on_failure(index, response, at);
  } else if (job.listing) {
    on_listing(index, response, at);
  } else {
    on_document(index, response, at);
  }
}

void Service::State::on_document(JobIndex index, const Response& response, Time at) {
  Job& job = dispatcher.jobs[index];
  const ResponseClass meaning = classify(response);
  if (meaning == ResponseClass::refused) {
    ++counters.errors;
    tell(NoticeLevel::all, Notice::Kind::failed, job, describe_failure(response));
    give_up(index, describe_failure(response), false, at);
    return;
  }
  const Answer answer{job.document, job.sent, cause_of(job.work, job.answered, job.request),
                      job.part_stubs};
  try {
    if (meaning == ResponseClass::found) {
      const Document document = normalised(job.document, response.body);
      check_acceptable(job.document, document);
      store_found(answer, document, at);
    } else {
      store_not_found(answer, at);
    }
    if (cache.enabled()) {
      cache.keep(job.document, {job.sent, meaning == ResponseClass::found, response.body}, at);
    }
    if (job.for_round) ++counters.reconciled;
  } catch (const Refusal& refusal) {
    const std::vector<PendingEvent> nobody{PendingEvent{EventId{}, job.sent}};
    dead_letter(job.answered.empty() ? nobody : job.answered, source_of(job.document),
                refusal.reason, response.body, at);
  }
  acknowledge(job.answered);
  if (job.for_enrichment) stub_settled(job.document);
  settle(index, at);
}

void Service::State::on_failure(JobIndex index, const Response& response, Time at) {
  Job& job = dispatcher.jobs[index];
  if (!config->hydration.retry.count_throttled && asks_for_patience(response)) ++job.throttled;
  const bool last = job.failures() >= config->hydration.retry.attempts;
  const std::string why =
      telling(NoticeLevel::all) || last ? describe_failure(response) : std::string();
  if (response.outcome == Response::Outcome::timed_out) {
    ++counters.timeouts;
    tell(NoticeLevel::all, Notice::Kind::timed_out, job);
  } else if (response.outcome == Response::Outcome::answered && response.status == 429) {
    ++counters.throttled;
    tell(NoticeLevel::all, Notice::Kind::throttled, job);
  } else {
    ++counters.errors;
    tell(NoticeLevel::all, Notice::Kind::failed, job, why);
  }
  if (last) {
    give_up(index, why, true, at);
    return;
  }
  ++counters.retries;
  tell(NoticeLevel::all, Notice::Kind::retry, job, why);
  const std::string name = name_of(job);
  Duration wait = backoff(config->hydration.retry, config->seed, name, job.attempt);
  if (response.outcome == Response::Outcome::answered && response.retry_after) {
    wait = std::max(wait, std::min(*response.retry_after, kMostPatience));
  }
  if (!job.arrived.empty()) job.work = WorkClass::event;
  dispatcher.back_off(index, at + wait);
  note_waiting();
}

void Service::State::give_up(JobIndex index, const std::string& why, bool may_pass, Time at) {
  Job& job = dispatcher.jobs[index];
  ++counters.gave_up;
  tell(NoticeLevel::measures, Notice::Kind::gave_up, job, why);
  if (job.listing) {
    listing_ended(index, ListingEnd::broken_off, at);
    return;
  }
  const std::string uri = catalogue->uri_of(job.document);
  dead_letter(job.answered, source_of(job.document),
              "gave up after " + std::to_string(job.attempt) + " calls: " + why, uri, at);
  acknowledge(job.answered);
  if (job.for_enrichment && may_pass) {
    stub_failed(job.document, job.part_stubs, at);
  } else if (job.for_enrichment) {
    stub_settled(job.document);
  }
  settle(index, at);
}

/// Nobody waits any more for the fetch that has ended; those who came since start the next one.
void Service::State::settle(JobIndex index, Time at) {
  Job& job = dispatcher.jobs[index];
  job.answered.clear();
  job.part_stubs.clear();
  if (std::exchange(job.for_enrichment, false)) {
    assert(enrichment.outstanding > 0);
    --enrichment.outstanding;
  }
  if (std::exchange(job.for_round, false)) {
    assert(reconciliation.fetching > 0);
    --reconciliation.fetching;
  }
  reopen_or_close(index, at);
}

void Service::State::reopen_or_close(JobIndex index, Time at) {
  Job& job = dispatcher.jobs[index];
  if (!job.arrived.empty() && answer_from_cache(job.document, job.arrived, WorkClass::event, at)) {
    job.arrived.clear();
  }
  if (job.arrived.empty()) {
    dispatcher.jobs.close(index);
    return;
  }
  job.work = WorkClass::event;
  job.renew();
  queue_again(index, at);
}

void Service::State::queue_again(JobIndex index, Time) {
  dispatcher.queue(index, source_of(dispatcher.jobs[index].document));
  note_waiting();
}

void Service::State::tell_cache_hit(const DocumentKey& document,
                                    const std::vector<PendingEvent>& events, Duration age) {
  if (!telling(NoticeLevel::measures)) return;
  Notice notice;
  notice.kind = Notice::Kind::cache_hit;
  notice.source = source_of(document);
  notice.uri = catalogue->uri_of(document);
  notice.waited = age;
  if (events.empty()) tell(notice);
  for (const PendingEvent& event : events) {
    notice.event = event.id;
    tell(notice);
  }
}

bool Service::State::answer_from_cache(const DocumentKey& document,
                                       const std::vector<PendingEvent>& events, WorkClass work,
                                       Time at) {
  if (!cache.enabled()) return false;
  const ResponseCache::Entry* entry = cache.find(document, at);
  if (entry == nullptr) return false;
  ++counters.cache_hits;
  tell_cache_hit(document, events, at - entry->sent);
  const std::vector<std::string> no_stubs;
  const Answer answer{document, entry->sent, cause_of(work, events, {}), no_stubs};
  try {
    if (entry->found) {
      store_found(answer, normalised(document, entry->body), at);
    } else {
      store_not_found(answer, at);
    }
  } catch (const Refusal& refusal) {
    dead_letter(events, source_of(document), refusal.reason, entry->body, at);
  }
  acknowledge(events);
  return true;
}

}  // namespace rehearse::mds
