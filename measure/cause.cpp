#include "measure/cause.hpp"

#include <fmt/format.h>

#include <cassert>
#include <optional>

#include "base/text/clock_text.hpp"

namespace rehearse::measure {
namespace {

using models::Fate;

/// The newest event of a document, and how sentences name it.
struct Newest {
  mds::EventId id;
  const EventRecord* record = nullptr;
  std::string name;  ///< "event 88121 for version 7"
};

/// What stops the service as a whole; nullopt when nothing does.
std::optional<Cause> stopped_service(const Recorder& recorder, const std::string& waits) {
  if (const auto since = recorder.service().down_since()) {
    return Cause{"service down", waits + ": the service is down since " + cause_clock(*since)};
  }
  if (const auto since = recorder.service().paused_since()) {
    return Cause{"service paused", waits + ": the service is paused since " + cause_clock(*since)};
  }
  return std::nullopt;
}

/// What kept the newest event from reaching the service's queue; nullopt when it got there.
std::optional<Cause> lost_event(const Recorder& recorder, const Newest& newest,
                                const std::string& moment) {
  const std::string& event = newest.name;
  if (newest.record->has_fate) {
    switch (newest.record->fate) {
      case Fate::dropped:
        return Cause{"lost event", event + " was dropped"};
      case Fate::expired:
        return Cause{"expired event", event + " outlived the bus's retention"};
      case Fate::delivered:
        return std::nullopt;
      default:
        break;
    }
  }
  if (auto stopped = stopped_service(recorder, event + " waits on the bus")) return stopped;
  if (newest.record->has_fate && newest.record->fate == Fate::held) {
    return Cause{"held event", event + " was kept back until " + moment};
  }
  return Cause{"event under way", event + " was still on the bus at " + moment};
}

/// An older state stands where a newer one stood.
Cause regressed_copy(const Recorder& recorder, std::uint32_t document) {
  const std::int64_t shown = recorder.freshness().copy_version(document);
  const LastWrite write = recorder.writes().last(document);
  if (write.cause.request.value == 0 && write.cause.kind == mds::CauseKind::event) {
    return {"outdated payload",
            fmt::format("event {}, {} at {}, carried version {}, which overwrote version {}",
                        write.cause.event.value, write.again ? "delivered again" : "delivered late",
                        cause_clock(write.at), shown, write.before)};
  }
  const LastRead read = recorder.calls().last_read(document);
  return {"raced response",
          fmt::format("call {}, sent at {} and answered last, overwrote version {} with the older "
                      "version {} at {}",
                      write.cause.request.value, cause_clock(read.sent), write.before, shown,
                      cause_clock(write.at))};
}

/// What an answer brought that did not make the copy fresh.
Cause useless_answer(const Recorder& recorder, std::uint32_t document, const std::string& event) {
  const Freshness& freshness = recorder.freshness();
  const LastRead read = recorder.calls().last_read(document);
  const std::int64_t newest = freshness.version(document);
  if (read.any && read.version < newest && read.sent >= freshness.changed_at(document)) {
    return {"lagging replica", fmt::format("the call of {} after {} read version {}",
                                           clock_text(read.sent), event, read.version)};
  }
  if (read.any && read.version == newest) {
    return {"not stored",
            fmt::format("version {} was read but the copy does not show it", read.version)};
  }
  return {"unknown", "no call followed " + event};
}

/// The newest event was delivered and its call was not made yet.
Cause waiting_event(const Recorder& recorder, std::uint32_t document, const Newest& newest,
                    const std::string& moment) {
  if (auto stopped = stopped_service(recorder, newest.name + " waits for its call")) {
    return *stopped;
  }
  std::string reason = newest.name + " still waited for its call at " + moment;
  if (const std::size_t ahead = recorder.events().calls_ahead_of(document); ahead > 0) {
    reason += fmt::format(", behind {} {}{}", ahead, ahead == 1 ? "call" : "calls",
                          recorder.config().shared_budget ? "" : " of its source");
  }
  return {"waiting", reason};
}

/// What became of the calls for a document whose newest event was delivered.
Cause failed_hydration(const Recorder& recorder, std::uint32_t document, const Newest& newest,
                       const std::string& moment) {
  const EventRecord& record = *newest.record;
  if (const auto why = recorder.calls().failure(document)) {
    return {"gave up", "hydration after " + newest.name + " failed for good: " + *why};
  }
  if (record.dead) {
    return {"dead letter", newest.name + " was refused: " + recorder.events().reason(newest.id)};
  }
  if (recorder.freshness().regressed(document)) return regressed_copy(recorder, document);
  if (record.from_cache) {
    return {"stale cache",
            fmt::format("{} was answered from the response cache, with an answer that was {} old",
                        newest.name, duration_text(record.cached_for.to_seconds()))};
  }
  if (record.waiting) return waiting_event(recorder, document, newest, moment);
  if (recorder.calls().in_flight(document) > 0) {
    return {"in flight", "the call after " + newest.name + " had no answer at " + moment};
  }
  if (const auto failed = recorder.calls().failed_calls(document)) {
    return {"retrying", fmt::format("attempt {} after {} failed at {}: {}", failed->attempt,
                                    newest.name, cause_clock(failed->at), failed->why)};
  }
  if (record.without_call && !record.payload) {
    return {"no call", newest.name + " was acknowledged before any call was made for it"};
  }
  return useless_answer(recorder, document, newest.name);
}

std::string lost_page(const LostPage& page) {
  return fmt::format("its page (call {} at {}) was answered without items", page.request.value,
                     cause_clock(page.at));
}

/// Reconciliation removed what its source still has; nullopt when it did not, or not last.
std::optional<Cause> unlisted(const Recorder& recorder, std::uint32_t document) {
  const Freshness& freshness = recorder.freshness();
  const LastWrite write = recorder.writes().last(document);
  if (freshness.live(document) || !freshness.exists(document) || !write.any) return std::nullopt;
  if (write.cause.kind != mds::CauseKind::reconciliation || write.cause.request.value != 0 ||
      write.at < freshness.changed_at(document)) {
    return std::nullopt;
  }
  std::string reason =
      fmt::format("reconciliation removed it at {}: the listing of its source did not hold it",
                  cause_clock(write.at));
  if (const auto page = recorder.calls().lost_page(document)) reason += ", as " + lost_page(*page);
  return Cause{"unlisted", reason};
}

/// What a listing would have found, had it not failed or lost the page.
Cause with_listing(const Recorder& recorder, std::uint32_t document, Cause cause) {
  if (recorder.freshness().live(document)) return cause;
  if (const auto page = recorder.calls().lost_page(document)) {
    cause.kind = "partial listing";
    cause.reason += ", and the listing did not hold it: " + lost_page(*page);
    return cause;
  }
  const auto failed = recorder.failed_listing(document);
  if (!failed) return cause;
  cause.kind = "failed listing";
  cause.reason += fmt::format(", and the listing that would have found it ended at {}: {}",
                              cause_clock(failed->at), failed->why);
  return cause;
}

}  // namespace

std::string cause_clock(Time time) { return clock_text({time.ns - time.ns % 1'000'000}); }

Cause find_cause(const Recorder& recorder, std::uint32_t document, const std::string& moment) {
  const Freshness& freshness = recorder.freshness();
  assert(!freshness.fresh(document));
  const std::int64_t version = freshness.version(document);
  Newest newest;
  newest.id = recorder.events().newest_event(document);
  newest.record = newest.id.value == 0 ? nullptr : recorder.events().find(newest.id);
  if (freshness.live(document) && freshness.copy_version(document) == version) {
    return {"wrong facts", "the copy has the version but not the facts"};
  }
  if (const auto removed = unlisted(recorder, document)) return *removed;
  if (newest.record == nullptr || newest.record->version < version) {
    const std::string silent = fmt::format("no event announced version {}", version);
    if (const auto why = recorder.calls().failure(document)) {
      return {"gave up", silent + ", and the fetch that came without one failed for good: " + *why};
    }
    return with_listing(recorder, document, {"silent source", silent});
  }
  newest.name = fmt::format("event {} for version {}", newest.id.value, version);
  if (auto lost = lost_event(recorder, newest, moment)) {
    return with_listing(recorder, document, *std::move(lost));
  }
  return failed_hydration(recorder, document, newest, moment);
}

}  // namespace rehearse::measure
