#include "mds/hydration/calls.hpp"

#include <algorithm>
#include <cassert>

#include "mds/contract/listing.hpp"
#include "mds/hydration/retry.hpp"

namespace rehearse::mds {
namespace {

/// A source may ask for patience, but not switch itself off for good.
constexpr Duration kMostPatience = Duration::hours(1);

bool answered(const Response& response) { return response.outcome == Response::Outcome::answered; }

/// Throttled, with a later time at which to come again.
bool asks_for_patience(const Response& response) {
  return answered(response) && response.status == 429 && response.retry_after &&
         *response.retry_after > Duration{};
}

/// Events whose first call begins.
void tell_first_call(const Turn& turn, const Job& job, const PendingEvent& event,
                     const std::string& uri) {
  if (!turn.telling(NoticeLevel::measures)) return;
  Notice notice;
  notice.kind = Notice::Kind::first_call;
  notice.source = turn.source_of(job.document);
  notice.event = event.id;
  notice.request = job.request;
  notice.waited = turn.now - event.arrived;
  if (turn.telling(NoticeLevel::all)) notice.uri = uri;
  turn.notices.tell(std::move(notice));
}

void count_failure(const Job& job, const Response& response, const std::string& why,
                   const Turn& turn) {
  if (response.outcome == Response::Outcome::timed_out) {
    ++turn.counters.timeouts;
    turn.tell(NoticeLevel::all, Notice::Kind::timed_out, job);
  } else if (answered(response) && response.status == 429) {
    ++turn.counters.throttled;
    turn.tell(NoticeLevel::all, Notice::Kind::throttled, job);
  } else {
    ++turn.counters.errors;
    turn.tell(NoticeLevel::all, Notice::Kind::failed, job, why);
  }
}

}  // namespace

Calls::Calls(const ServiceConfig& config, const Catalogue& catalogue, RequestId first)
    : dispatcher_(config, catalogue), next_request_(first) {}

void Calls::queue(JobIndex job, const Turn& turn) {
  dispatcher_.queue(job, turn.source_of(dispatcher_.jobs[job].document));
  turn.counters.queue_max = std::max<std::uint64_t>(turn.counters.queue_max, dispatcher_.waiting());
}

void Calls::move_up(JobIndex job, WorkClass work, const Turn& turn) {
  const SourceIndex source = turn.source_of(dispatcher_.jobs[job].document);
  dispatcher_.withdraw(job, source);
  dispatcher_.jobs[job].work = work;
  dispatcher_.queue(job, source);
}

JobIndex Calls::displace(const Turn& turn) {
  const JobIndex index = dispatcher_.least_urgent();
  if (index == kNoJob) return kNoJob;
  const Job& job = dispatcher_.jobs[index];
  ++turn.counters.queue_refusals;
  turn.tell(NoticeLevel::measures, Notice::Kind::queue_full, job,
            job.work == WorkClass::enrichment ? "enrichment" : "reconciliation");
  dispatcher_.withdraw(index, turn.source_of(job.document));
  return index;
}

void Calls::begin(JobIndex index, const Turn& turn) {
  Job& job = dispatcher_.jobs[index];
  const Contract& contract = turn.catalogue.contracts()[job.document.contract];
  job.request = next_request_;
  ++next_request_.value;
  job.sent = turn.now;
  ++job.attempt;
  ++turn.counters.requests;
  SourceRequest request;
  request.id = job.request;
  request.source = contract.source;
  request.work = job.work;
  request.attempt = job.attempt;
  request.timeout = turn.config.hydration.timeout;
  if (job.listing) {
    request.path = listing_path(*contract.provider, *contract.type, job.document.id);
  } else {
    request.path = contract.type->path_of(job.document.id);
    request.uri = turn.catalogue.uri_of(job.document);
    turn.store.expect(request.uri);
  }
  for (const PendingEvent& event : job.arrived) {
    tell_first_call(turn, job, event, request.uri);
    job.answered.push_back(event);
  }
  job.arrived.clear();
  [[maybe_unused]] const bool added = calling_.emplace(job.request.value, index).second;
  assert(added);
  requests_.push_back(std::move(request));
}

std::optional<JobIndex> Calls::end(RequestId request, const Response& response, const Turn& turn) {
  const auto found = calling_.find(request.value);
  if (found == calling_.end()) return std::nullopt;
  const JobIndex index = found->second;
  calling_.erase(found);
  const Job& job = dispatcher_.jobs[index];
  const SourceIndex source = turn.source_of(job.document);
  const bool healthy = answered(response) && response.status < 500;
  switch (dispatcher_.finish(job, source, healthy, turn.now)) {
    case CircuitBreaker::Switch::opened:
      turn.tell(NoticeLevel::measures, Notice::Kind::breaker_opened, job);
      break;
    case CircuitBreaker::Switch::closed:
      turn.tell(NoticeLevel::measures, Notice::Kind::breaker_closed, job);
      break;
    case CircuitBreaker::Switch::none:
      break;
  }
  if (answered(response) && (response.status == 429 || response.status == 503) &&
      response.retry_after) {
    dispatcher_.hold(source,
                     turn.now + std::clamp(*response.retry_after, Duration{}, kMostPatience));
  }
  return index;
}

bool Calls::repeat(JobIndex index, const Response& response, const Turn& turn) {
  const RetryPolicy& policy = turn.config.hydration.retry;
  Job& job = dispatcher_.jobs[index];
  if (!policy.count_throttled && asks_for_patience(response)) ++job.throttled;
  const std::string why =
      turn.telling(NoticeLevel::all) ? describe_failure(response) : std::string();
  count_failure(job, response, why, turn);
  if (job.failures() >= policy.attempts) return false;
  ++turn.counters.retries;
  turn.tell(NoticeLevel::all, Notice::Kind::retry, job, why);
  Duration wait = backoff(policy, turn.config.seed, turn.name_of(job), job.attempt);
  if (answered(response) && response.retry_after) {
    wait = std::max(wait, std::min(*response.retry_after, kMostPatience));
  }
  if (!job.arrived.empty()) job.work = WorkClass::event;
  dispatcher_.back_off(index, turn.now + wait);
  turn.counters.queue_max = std::max<std::uint64_t>(turn.counters.queue_max, dispatcher_.waiting());
  return true;
}

void Calls::queue_due(const Turn& turn) {
  while (const auto job = dispatcher_.take_due(turn.now)) queue(*job, turn);
}

}  // namespace rehearse::mds
