#include "reports/cause.hpp"

#include <fmt/format.h>

#include <optional>

#include "reports/clock_text.hpp"

namespace rehearse::reports {
namespace {

using models::Fate;

// What kept the newest event from reaching the service's queue; nullopt when it got there.
std::optional<std::string> lost_event(const std::string& event, const EventRecord& record) {
  if (!record.has_fate) return "event under way: " + event + " was still on the bus at the end";
  switch (record.fate) {
    case Fate::dropped:
      return "lost event: " + event + " was dropped";
    case Fate::expired:
      return "expired event: " + event + " outlived the bus's retention";
    case Fate::held:
      return "held event: " + event + " was kept back until the end";
    case Fate::delivered:
      return std::nullopt;
    default:
      return "event under way: " + event + " was still on the bus at the end";
  }
}

// What became of the calls for a document whose newest event was delivered.
std::string failed_hydration(const Recorder& recorder, std::uint32_t document,
                             const std::string& event, const EventRecord& record) {
  const Freshness& freshness = recorder.freshness();
  const LastRead read = recorder.calls().last_read(document);
  const std::int64_t newest = freshness.version(document);
  const std::string reason = recorder.events().reason(recorder.events().newest_event(document));
  if (const auto why = recorder.calls().failure(document)) {
    return "gave up: hydration after " + event + " failed for good: " + *why;
  }
  if (record.dead) return "dead letter: " + event + " was refused: " + reason;
  if (record.without_call) {
    return "no call: " + event + " was answered from the cache or from its own payload";
  }
  if (record.waiting) return "waiting: " + event + " still waited for its call at the end";
  if (recorder.calls().in_flight(document) > 0) {
    return "in flight: the call after " + event + " had no answer at the end";
  }
  if (freshness.regressed(document)) {
    return fmt::format("raced response: an older answer with version {} overwrote a newer one",
                       freshness.copy_version(document));
  }
  if (read.any && read.version < newest && read.sent >= freshness.changed_at(document)) {
    return fmt::format("lagging replica: the call of {} after {} read version {}",
                       clock_text(read.sent), event, read.version);
  }
  if (read.any && read.version == newest) {
    return freshness.copy_version(document) == newest
               ? "wrong facts: the copy has the version but not the facts"
               : fmt::format("not stored: version {} was read but the copy does not show it",
                             read.version);
  }
  return "unknown: no call followed " + event;
}

}  // namespace

std::string cause_of(const Recorder& recorder, std::uint32_t document) {
  const Freshness& freshness = recorder.freshness();
  const std::int64_t newest = freshness.version(document);
  const mds::EventId event = recorder.events().newest_event(document);
  const EventRecord* record = event.value == 0 ? nullptr : recorder.events().find(event);
  if (freshness.live(document) && freshness.copy_version(document) == newest) {
    return "wrong facts: the copy has the version but not the facts";
  }
  if (record == nullptr || record->version < newest) {
    return fmt::format("silent source: no event announced version {}", newest);
  }
  const std::string named = fmt::format("event {} for version {}", event.value, newest);
  if (const auto lost = lost_event(named, *record)) return *lost;
  return failed_hydration(recorder, document, named, *record);
}

}  // namespace rehearse::reports
