#include "mds/hydration/intake.hpp"

#include "mds/contract/normaliser.hpp"
#include "mds/contract/untrusted.hpp"
#include "mds/hydration/announcement.hpp"
#include "mds/hydration/writes.hpp"

namespace rehearse::mds {
namespace {

/// Throws Refusal.
void store_payload(const Answer& answer, const JsonText& body, Turn& turn) {
  const JsonValue* payload = body.value().member("payload");
  if (payload == nullptr) throw Refusal{"event carries no payload"};
  const Contract& contract = turn.catalogue.contracts()[answer.document.contract];
  const Document state =
      normalise_json(*contract.provider, *contract.type, answer.document.id, *payload);
  check_acceptable(answer.document, state, turn);
  store_found(answer, state, turn);
}

void take_payload(const ThinEvent& event, const Announcement& announced, Turn& turn) {
  const PendingEvent pending{event.id, turn.now};
  const std::vector<std::string> no_stubs;
  const Answer answer{announced.document, turn.now, cause_of(WorkClass::event, {pending}, {}),
                      no_stubs};
  if (announced.op == EventOp::remove) {
    store_not_found(answer, turn);
  } else {
    store_payload(answer, announced.body, turn);
  }
  if (turn.telling(NoticeLevel::measures)) {
    Notice notice;
    notice.kind = Notice::Kind::payload_stored;
    notice.source = event.source;
    notice.event = event.id;
    notice.uri = turn.catalogue.uri_of(announced.document);
    turn.notices.tell(std::move(notice));
  }
  acknowledge({pending}, turn);
}

void tell_accepted(const ThinEvent& event, const Announcement& announced, const Turn& turn) {
  if (!turn.telling(NoticeLevel::all)) return;
  Notice notice;
  notice.kind = Notice::Kind::accepted;
  notice.source = event.source;
  notice.event = event.id;
  notice.uri = turn.catalogue.uri_of(announced.document);
  notice.detail = announced.event_type;
  turn.notices.tell(std::move(notice));
}

}  // namespace

Outcome take_in(const ThinEvent& event, Hydration& hydration, Turn& turn) {
  const PendingEvent pending{event.id, turn.now};
  try {
    Announcement announced = read_announcement(turn.catalogue, event.source, event.body);
    if (turn.config.hydration.event_payload) {
      take_payload(event, announced, turn);
      return {};
    }
    tell_accepted(event, announced, turn);
    return hydration.demand(std::move(announced.document), pending, turn);
  } catch (const Refusal& refusal) {
    dead_letter({pending}, event.source, refusal.reason, event.body, turn);
    acknowledge({pending}, turn);
    return {};
  }
}

}  // namespace rehearse::mds
