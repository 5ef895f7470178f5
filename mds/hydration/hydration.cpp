#include "mds/hydration/hydration.hpp"

#include <cassert>
#include <utility>

#include "mds/contract/untrusted.hpp"
#include "mds/hydration/retry.hpp"
#include "mds/hydration/writes.hpp"

namespace rehearse::mds {
namespace {

void tell_coalesced(const Turn& turn, EventId event, const DocumentKey& document) {
  if (!turn.telling(NoticeLevel::all)) return;
  Notice notice;
  notice.kind = Notice::Kind::coalesced;
  notice.source = turn.source_of(document);
  notice.event = event;
  notice.uri = turn.catalogue.uri_of(document);
  turn.notices.tell(std::move(notice));
}

void tell_cache_hit(const Turn& turn, const DocumentKey& document,
                    const std::vector<PendingEvent>& events, Duration age) {
  if (!turn.telling(NoticeLevel::measures)) return;
  Notice notice;
  notice.kind = Notice::Kind::cache_hit;
  notice.source = turn.source_of(document);
  notice.uri = turn.catalogue.uri_of(document);
  notice.waited = age;
  if (events.empty()) turn.notices.tell(notice);
  for (const PendingEvent& event : events) {
    notice.event = event.id;
    turn.notices.tell(notice);
  }
}

}  // namespace

Hydration::Hydration(const ServiceConfig& config, const Catalogue& catalogue, RequestId first)
    : calls_(config, catalogue, first), cache_(config.hydration.cache_ttl) {}

Outcome Hydration::demand(DocumentKey document, PendingEvent event, Turn& turn) {
  const bool unguarded = turn.config.hydration.unguarded;
  JobIndex index = unguarded ? kNoJob : calls_.jobs().find(document);
  if (index != kNoJob) {
    join(index, event, turn);
    return {};
  }
  if (answer_from_cache(document, {event}, WorkClass::event, turn)) return {};
  Outcome outcome;
  if (!room(turn)) outcome = make_room(document, turn);
  index = calls_.jobs().open(std::move(document), WorkClass::event, !unguarded);
  calls_.jobs()[index].arrived.push_back(event);
  calls_.queue(index, turn);
  return outcome;
}

/// Work of a lower class that waits for its call becomes the event's: it moves up, with all
/// attempts before it.
void Hydration::join(JobIndex index, PendingEvent event, const Turn& turn) {
  ++turn.counters.coalesced;
  Job& job = calls_.jobs()[index];
  job.arrived.push_back(event);
  tell_coalesced(turn, event.id, job.document);
  if (job.work == WorkClass::event || job.phase == Job::Phase::calling) return;
  job.renew();
  calls_.move_up(index, WorkClass::event, turn);
}

/// Work that comes again by itself gives way to an event. Throws Refusal when there is none.
Outcome Hydration::make_room(const DocumentKey& document, Turn& turn) {
  const JobIndex index = calls_.displace(turn);
  if (index == kNoJob) {
    ++turn.counters.queue_refusals;
    turn.tell(NoticeLevel::measures, Notice::Kind::queue_full, document, {}, "event");
    throw Refusal{"the queue is full"};
  }
  if (calls_.jobs()[index].listing) return lose_listing(index);
  return settle(index, FetchEnd::How::displaced, turn);
}

Hydration::Demand Hydration::demand_stub(const DocumentKey& document,
                                         const std::vector<std::string>& part_stubs, Turn& turn) {
  JobIndex index = calls_.jobs().find(document);
  if (index == kNoJob) {
    if (part_stubs.empty() && answer_from_cache(document, {}, WorkClass::enrichment, turn)) {
      return Demand::answered;
    }
    if (!room(turn)) {
      ++turn.counters.queue_refusals;
      turn.tell(NoticeLevel::measures, Notice::Kind::queue_full, document, {}, "enrichment");
      return Demand::refused;
    }
    index = calls_.jobs().open(document, WorkClass::enrichment, true);
    calls_.queue(index, turn);
  }
  Job& job = calls_.jobs()[index];
  job.part_stubs.insert(job.part_stubs.end(), part_stubs.begin(), part_stubs.end());
  return std::exchange(job.for_enrichment, true) ? Demand::waits_already : Demand::waits;
}

bool Hydration::demand_for_round(const DocumentKey& document, const Turn& turn) {
  if (calls_.jobs().find(document) != kNoJob) return false;
  assert(room(turn));
  const JobIndex job = calls_.jobs().open(document, WorkClass::reconciliation, true);
  calls_.jobs()[job].for_round = true;
  calls_.queue(job, turn);
  return true;
}

void Hydration::open_listing(std::uint32_t contract, std::string cursor, const Turn& turn) {
  const JobIndex job =
      calls_.jobs().open({contract, std::move(cursor)}, WorkClass::reconciliation, false);
  calls_.jobs()[job].listing = true;
  calls_.queue(job, turn);
}

void Hydration::next_page(JobIndex index, std::string cursor, const Turn& turn) {
  Job& job = calls_.jobs()[index];
  job.document.id = std::move(cursor);
  job.renew();
  calls_.queue(index, turn);
}

void Hydration::close_listing(JobIndex job) {
  assert(calls_.jobs()[job].listing);
  calls_.jobs().close(job);
}

Outcome Hydration::lose_listing(JobIndex job) {
  DocumentKey stood = std::move(calls_.jobs()[job].document);
  close_listing(job);
  return ListingLost{stood.contract, std::move(stood.id)};
}

Outcome Hydration::on_response(RequestId request, const Response& response, Turn& turn) {
  const auto job = calls_.end(request, response, turn);
  if (!job) return {};
  if (classify(response) == ResponseClass::transient) {
    if (calls_.repeat(*job, response, turn)) return {};
    return give_up(*job, response, FetchEnd::How::failed, turn);
  }
  return calls_.jobs()[*job].listing ? on_page(*job, response, turn)
                                     : on_document(*job, response, turn);
}

/// A page that is no good ends its listing: the next one begins anew.
Outcome Hydration::on_page(JobIndex index, const Response& response, const Turn& turn) {
  const Job& job = calls_.jobs()[index];
  const std::uint32_t contract = job.document.contract;
  try {
    if (classify(response) != ResponseClass::found) {
      throw Refusal{"listing refused: " + describe_failure(response)};
    }
    return Listed{index, contract, job.sent, parse_listing(response.body, job.document.id)};
  } catch (const Refusal& refusal) {
    dead_letter({PendingEvent{EventId{}, job.sent}}, turn.source_of(job.document), refusal.reason,
                response.body, turn);
    close_listing(index);
    return ListingLost{contract, {}};
  }
}

Outcome Hydration::on_document(JobIndex index, const Response& response, Turn& turn) {
  const Job& job = calls_.jobs()[index];
  if (classify(response) == ResponseClass::refused) {
    ++turn.counters.errors;
    turn.tell(NoticeLevel::all, Notice::Kind::failed, job, describe_failure(response));
    return give_up(index, response, FetchEnd::How::settled, turn);
  }
  try {
    store_answer(job, response, turn);
    if (job.for_round) ++turn.counters.reconciled;
  } catch (const Refusal& refusal) {
    const std::vector<PendingEvent> nobody{PendingEvent{EventId{}, job.sent}};
    dead_letter(job.answered.empty() ? nobody : job.answered, turn.source_of(job.document),
                refusal.reason, response.body, turn);
  }
  acknowledge(job.answered, turn);
  return settle(index, FetchEnd::How::settled, turn);
}

/// Throws Refusal.
void Hydration::store_answer(const Job& job, const Response& response, Turn& turn) {
  const bool found = classify(response) == ResponseClass::found;
  const Answer answer{job.document, job.sent, cause_of(job.work, job.answered, job.request),
                      job.part_stubs};
  if (found) {
    const Document document = normalised(job.document, response.body, turn.catalogue);
    check_acceptable(job.document, document, turn);
    store_found(answer, document, turn);
  } else {
    store_not_found(answer, turn);
  }
  if (cache_.enabled()) cache_.keep(job.document, {job.sent, found, response.body}, turn.now);
}

Outcome Hydration::give_up(JobIndex index, const Response& response, FetchEnd::How how,
                           Turn& turn) {
  const Job& job = calls_.jobs()[index];
  const std::string why = describe_failure(response);
  ++turn.counters.gave_up;
  turn.tell(NoticeLevel::measures, Notice::Kind::gave_up, job, why);
  if (job.listing) return lose_listing(index);
  dead_letter(job.answered, turn.source_of(job.document),
              "gave up after " + std::to_string(job.attempt) + " calls: " + why,
              turn.catalogue.uri_of(job.document), turn);
  acknowledge(job.answered, turn);
  return settle(index, how, turn);
}

/// Nobody waits any more for the fetch that has ended; those who came since start the next one.
Outcome Hydration::settle(JobIndex index, FetchEnd::How how, Turn& turn) {
  Job& job = calls_.jobs()[index];
  Outcome outcome;
  if (job.for_enrichment || job.for_round) {
    outcome =
        FetchEnd{how, job.for_enrichment, job.for_round, job.document, std::move(job.part_stubs)};
  }
  job.answered.clear();
  job.part_stubs.clear();
  job.for_enrichment = job.for_round = false;
  reopen_or_close(index, turn);
  return outcome;
}

void Hydration::reopen_or_close(JobIndex index, Turn& turn) {
  Job& job = calls_.jobs()[index];
  if (!job.arrived.empty() &&
      answer_from_cache(job.document, job.arrived, WorkClass::event, turn)) {
    job.arrived.clear();
  }
  if (job.arrived.empty()) {
    calls_.jobs().close(index);
    return;
  }
  job.work = WorkClass::event;
  job.renew();
  calls_.queue(index, turn);
}

bool Hydration::answer_from_cache(const DocumentKey& document,
                                  const std::vector<PendingEvent>& events, WorkClass work,
                                  Turn& turn) {
  if (!cache_.enabled()) return false;
  const ResponseCache::Entry* entry = cache_.find(document, turn.now);
  if (entry == nullptr) return false;
  ++turn.counters.cache_hits;
  tell_cache_hit(turn, document, events, turn.now - entry->sent);
  const std::vector<std::string> no_stubs;
  const Answer answer{document, entry->sent, cause_of(work, events, {}), no_stubs};
  try {
    if (entry->found) {
      store_found(answer, normalised(document, entry->body, turn.catalogue), turn);
    } else {
      store_not_found(answer, turn);
    }
  } catch (const Refusal& refusal) {
    dead_letter(events, turn.source_of(document), refusal.reason, entry->body, turn);
  }
  acknowledge(events, turn);
  return true;
}

}  // namespace rehearse::mds
