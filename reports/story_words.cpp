#include "reports/story_words.hpp"

namespace rehearse::reports {
namespace {

using models::Fate;
using Kind = mds::Notice::Kind;

const char* fate_text(Fate fate) {
  switch (fate) {
    case Fate::delivered:
      return "was delivered to the service";
    case Fate::dropped:
      return "was dropped";
    case Fate::duplicated:
      return "was duplicated";
    case Fate::reordered:
      return "was held up, so that others overtake it";
    case Fate::held:
      return "was kept back by an outage of the bus";
    case Fate::expired:
      return "outlived the bus's retention";
    case Fate::redelivered:
      return "is delivered again: it was not acknowledged";
  }
  return "";
}

std::string answer_text(const mds::Response& response, std::int64_t version) {
  if (response.outcome == mds::Response::Outcome::timed_out) return "had no answer in time";
  if (response.outcome == mds::Response::Outcome::failed) return "failed: the connection broke";
  std::string text = fmt::format("was answered with status {}", response.status);
  if (version != 0) text += fmt::format(": version {}", version);
  if (response.retry_after) {
    text += ", come back in " + duration_text(response.retry_after->to_seconds());
  }
  return text;
}

}  // namespace

std::string story_words(const models::Published& published) {
  return fmt::format("event {} announces change {}", published.event.value, published.change);
}

std::string story_words(const models::EventFate& fate) {
  return fmt::format("event {} {}", fate.event.value, fate_text(fate.fate));
}

std::string story_words(const mds::SourceRequest& request) {
  std::string text = fmt::format(
      "call {} sent for {}", request.id.value,
      request.work == mds::WorkClass::event ? "an event" : measure::trace_word(request.work));
  if (request.attempt > 1) text += fmt::format(", attempt {}", request.attempt);
  return text;
}

std::string story_words(const models::CallServed& served) {
  std::string text = fmt::format("call {} is served", served.request.value);
  if (served.waited > Duration{}) text += ", waited " + duration_text(served.waited.to_seconds());
  if (served.takes > Duration{}) text += ", takes " + duration_text(served.takes.to_seconds());
  return text;
}

std::string story_words(const models::CallEnded& ended) {
  return fmt::format("call {} {}", ended.request.value, answer_text(ended.response, ended.version));
}

std::string story_words(const models::Acknowledged& acknowledged) {
  return fmt::format("event {} is done with", acknowledged.event.value);
}

std::string story_words(const models::ConditionChanged& changed) {
  using models::Condition;
  switch (changed.condition) {
    case Condition::paused:
      return "the service is paused";
    case Condition::resumed:
      return "the service goes on";
    case Condition::crashed:
      return "the service crashes: what it had in memory is lost";
    case Condition::restarted:
      return "the service starts again on its store";
    case Condition::index_down:
      return "the search index goes away";
    case Condition::index_up:
      return "the search index is back";
  }
  return {};
}

std::string story_words(const models::AskedQuestion& asked) {
  std::string text = fmt::format("\"{}\" is asked", asked.question.ask);
  if (!asked.occasion.empty()) text += fmt::format(" ({})", asked.occasion);
  if (asked.cached) {
    text += fmt::format(" and answered from the query cache of {}", clock_text(*asked.cached));
  }
  const world::Verdict& verdict = asked.verdict;
  if (!verdict.wrong()) text += ": right";
  if (!verdict.missed.empty()) text += fmt::format(": missed {}", verdict.missed.size());
  if (!verdict.outdated.empty()) text += fmt::format(": {} outdated", verdict.outdated.size());
  return text;
}

std::string story_words(const mds::Notice& notice) {
  switch (notice.kind) {
    case Kind::accepted:
      return fmt::format("event {} ({}) asks for a call", notice.event.value, notice.detail);
    case Kind::coalesced:
      return fmt::format("event {} joins the call that is due or under way", notice.event.value);
    case Kind::dead_lettered:
      return fmt::format("event {} refused: {}", notice.event.value, notice.detail);
    case Kind::first_call:
      return fmt::format("event {} waited {} for call {}", notice.event.value,
                         duration_text(notice.waited.to_seconds()), notice.request.value);
    case Kind::cache_hit:
      return fmt::format("answered from the response cache, {} old, without a call",
                         duration_text(notice.waited.to_seconds()));
    case Kind::payload_stored:
      return fmt::format("the state that event {} carries is taken", notice.event.value);
    case Kind::retry:
      return fmt::format("call {} will be repeated: {}", notice.request.value, notice.detail);
    case Kind::gave_up:
      return fmt::format("gave up after call {}: {}", notice.request.value, notice.detail);
    case Kind::unchanged:
      return "the answer equals what the graph has";
    case Kind::not_found:
      return "the source does not have it";
    case Kind::queue_full:
      return fmt::format("work for {} refused: the queue is full", notice.detail);
    default:
      return {};
  }
}

std::string story_words(const mds::Cause& cause) {
  std::string text(measure::trace_word(cause.kind));
  if (cause.kind == mds::CauseKind::event) text = fmt::format("event {}", cause.event.value);
  if (cause.request.value != 0) text += fmt::format(", call {}", cause.request.value);
  return text;
}

}  // namespace rehearse::reports
