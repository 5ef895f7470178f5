// Events: validated, refused as dead letters, or turned into demand for a document.
#include "mds/contract/normaliser.hpp"
#include "mds/hydration/ingestion.hpp"
#include "mds/service/service_state.hpp"

namespace rehearse::mds {

void Service::State::on_event(const ThinEvent& event, Time at) {
  const PendingEvent pending{event.id, at};
  try {
    Announcement announced = ingest(*catalogue, event.source, event.body);
    if (config->hydration.event_payload) {
      take_payload(event, std::move(announced.document), announced.op == EventOp::remove,
                   announced.body, at);
      return;
    }
    if (telling(NoticeLevel::all)) {
      Notice notice;
      notice.kind = Notice::Kind::accepted;
      notice.source = event.source;
      notice.event = event.id;
      notice.uri = catalogue->uri_of(announced.document);
      notice.detail = announced.event_type;
      tell(std::move(notice));
    }
    demand_for_event(std::move(announced.document), pending, event.source, at);
  } catch (const Refusal& refusal) {
    dead_letter({pending}, event.source, refusal.reason, event.body, at);
    acknowledge({pending});
  }
}

void Service::State::demand_for_event(DocumentKey document, PendingEvent event, SourceIndex source,
                                      Time at) {
  JobIndex index = config->hydration.unguarded ? kNoJob : dispatcher.jobs.find(document);
  if (index != kNoJob) {
    ++counters.coalesced;
    Job& job = dispatcher.jobs[index];
    job.arrived.push_back(event);
    if (telling(NoticeLevel::all)) {
      Notice notice;
      notice.kind = Notice::Kind::coalesced;
      notice.source = source;
      notice.event = event.id;
      notice.uri = catalogue->uri_of(document);
      tell(std::move(notice));
    }
    if (job.work == WorkClass::event || job.phase == Job::Phase::calling) return;
    // Work of a lower class becomes an event's: it moves up, with all attempts before it.
    dispatcher.withdraw(index, source);
    job.work = WorkClass::event;
    job.renew();
    dispatcher.queue(index, source);
    return;
  }
  if (answer_from_cache(document, {event}, WorkClass::event, at)) return;
  if (!room() && !make_room(at)) {
    ++counters.queue_refusals;
    tell(NoticeLevel::measures, Notice::Kind::queue_full, document, {}, "event");
    throw Refusal{"the queue is full"};
  }
  index = dispatcher.jobs.open(std::move(document), WorkClass::event, !config->hydration.unguarded);
  dispatcher.jobs[index].arrived.push_back(event);
  dispatcher.queue(index, source);
  note_waiting();
}

/// Work that comes again by itself gives way to an event. False when there is none.
bool Service::State::make_room(Time at) {
  const JobIndex index = dispatcher.least_urgent();
  if (index == kNoJob) return false;
  Job& job = dispatcher.jobs[index];
  ++counters.queue_refusals;
  tell(NoticeLevel::measures, Notice::Kind::queue_full, job,
       job.work == WorkClass::enrichment ? "enrichment" : "reconciliation");
  dispatcher.withdraw(index, source_of(job.document));
  if (job.listing) {
    listing_ended(index, ListingEnd::broken_off, at);
    return true;
  }
  if (job.for_enrichment) stub_failed(job.document, job.part_stubs, at);
  if (job.for_round) reconciliation.found.emplace(at, job.document);  // keeps its turn
  settle(index, at);
  return true;
}

void Service::State::take_payload(const ThinEvent& event, DocumentKey document, bool removal,
                                  const JsonText& body, Time at) {
  const PendingEvent pending{event.id, at};
  const std::vector<std::string> no_stubs;
  const Answer answer{document, at, cause_of(WorkClass::event, {pending}, {}), no_stubs};
  if (removal) {
    store_not_found(answer, at);
  } else {
    const JsonValue* payload = body.value().member("payload");
    if (payload == nullptr) throw Refusal{"event carries no payload"};
    const Contract& contract = catalogue->contracts()[document.contract];
    const Document state =
        normalise_json(*contract.provider, *contract.type, document.id, *payload);
    check_acceptable(document, state);
    store_found(answer, state, at);
  }
  if (telling(NoticeLevel::measures)) {
    Notice notice;
    notice.kind = Notice::Kind::payload_stored;
    notice.source = event.source;
    notice.event = event.id;
    notice.uri = catalogue->uri_of(answer.document);
    tell(std::move(notice));
  }
  acknowledge({pending});
}

}  // namespace rehearse::mds
