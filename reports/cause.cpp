#include "reports/cause.hpp"

#include <fmt/format.h>

#include <optional>

#include "reports/clock_text.hpp"

namespace rehearse::reports {
namespace {

using models::Fate;

// What kept the newest event from reaching the service's queue; nullopt when it got there.
std::optional<Cause> lost_event(const std::string& event, const EventRecord& record,
                                const std::string& moment) {
  const Cause under_way{"event under way", event + " was still on the bus at " + moment};
  if (!record.has_fate) return under_way;
  switch (record.fate) {
    case Fate::dropped:
      return Cause{"lost event", event + " was dropped"};
    case Fate::expired:
      return Cause{"expired event", event + " outlived the bus's retention"};
    case Fate::held:
      return Cause{"held event", event + " was kept back until " + moment};
    case Fate::delivered:
      return std::nullopt;
    default:
      return under_way;
  }
}

// What an answer brought that did not make the copy fresh.
Cause useless_answer(const Recorder& recorder, std::uint32_t document, const std::string& event) {
  const Freshness& freshness = recorder.freshness();
  const LastRead read = recorder.calls().last_read(document);
  const std::int64_t newest = freshness.version(document);
  if (freshness.regressed(document)) {
    return {"raced response", fmt::format("an older answer with version {} overwrote a newer one",
                                          freshness.copy_version(document))};
  }
  if (read.any && read.version < newest && read.sent >= freshness.changed_at(document)) {
    return {"lagging replica", fmt::format("the call of {} after {} read version {}",
                                           clock_text(read.sent), event, read.version)};
  }
  if (read.any && read.version == newest) {
    if (freshness.copy_version(document) == newest) {
      return {"wrong facts", "the copy has the version but not the facts"};
    }
    return {"not stored",
            fmt::format("version {} was read but the copy does not show it", read.version)};
  }
  return {"unknown", "no call followed " + event};
}

// What became of the calls for a document whose newest event was delivered.
Cause failed_hydration(const Recorder& recorder, std::uint32_t document, const std::string& event,
                       const EventRecord& record, const std::string& moment) {
  if (const auto why = recorder.calls().failure(document)) {
    return {"gave up", "hydration after " + event + " failed for good: " + *why};
  }
  if (record.dead) {
    const EventLog& events = recorder.events();
    return {"dead letter", event + " was refused: " + events.reason(events.newest_event(document))};
  }
  if (record.without_call) {
    return {"no call", event + " was answered from the cache or from its own payload"};
  }
  if (record.waiting) return {"waiting", event + " still waited for its call at " + moment};
  if (recorder.calls().in_flight(document) > 0) {
    return {"in flight", "the call after " + event + " had no answer at " + moment};
  }
  return useless_answer(recorder, document, event);
}

}  // namespace

Cause find_cause(const Recorder& recorder, std::uint32_t document, const std::string& moment) {
  const Freshness& freshness = recorder.freshness();
  const std::int64_t newest = freshness.version(document);
  const mds::EventId event = recorder.events().newest_event(document);
  const EventRecord* record = event.value == 0 ? nullptr : recorder.events().find(event);
  if (freshness.live(document) && freshness.copy_version(document) == newest) {
    return {"wrong facts", "the copy has the version but not the facts"};
  }
  if (record == nullptr || record->version < newest) {
    return {"silent source", fmt::format("no event announced version {}", newest)};
  }
  const std::string named = fmt::format("event {} for version {}", event.value, newest);
  if (const auto lost = lost_event(named, *record, moment)) return *lost;
  return failed_hydration(recorder, document, named, *record, moment);
}

std::string cause_of(const Recorder& recorder, std::uint32_t document) {
  return find_cause(recorder, document).line();
}

}  // namespace rehearse::reports
