#include "reports/event_log.hpp"

#include <cstddef>

namespace rehearse::reports {

void EventLog::changed(std::uint64_t number, std::uint32_t document, std::int64_t version,
                       std::size_t queue) {
  changes_.at(number) = {document, static_cast<std::uint16_t>(queue), version};
}

void EventLog::published(mds::EventId event, std::uint64_t change) {
  ++published_;
  EventRecord& record = event_at(event);
  const Change* made = changes_.find(change);
  if (change == 0 || made == nullptr || made->version == 0) return;
  record.document = made->document;
  record.queue = made->queue;
  record.version = made->version;
  if (made->document >= newest_.size()) newest_.resize(made->document + 1);
  Newest& newest = newest_[made->document];
  if (newest.version <= made->version) newest = {event, made->version};
}

void EventLog::fate(mds::EventId event, models::Fate fate, Time now) {
  ++fates_[static_cast<std::size_t>(fate)];
  if (fate == models::Fate::delivered) arrived(event, now);
  EventRecord& record = event_at(event);
  if (record.has_fate && record.fate == models::Fate::delivered) return;
  record.has_fate = true;
  record.fate = fate;
}

void EventLog::arrived(mds::EventId event, Time now) {
  EventRecord& record = event_at(event);
  record.again = record.has_fate && record.fate == models::Fate::delivered;
  if (record.waiting) {
    record.more = true;
    more_waits_.emplace(event.value, now);
    return;
  }
  order_.reset();
  record.waiting = true;
  record.arrival = now;
  record.place = ++arrivals_;
}

void EventLog::called(mds::EventId event, Time now) {
  EventRecord& record = event_at(event);
  if (!record.waiting) return;
  waits_.add(record.arrival, now);
  if (record.more) {
    const auto [first, last] = more_waits_.equal_range(event.value);
    for (auto wait = first; wait != last; ++wait) waits_.add(wait->second, now);
  }
  stop_waiting(event);
}

void EventLog::stop_waiting(mds::EventId event) {
  EventRecord& record = event_at(event);
  order_.reset();
  if (record.more) more_waits_.erase(event.value);
  record.waiting = record.more = false;
}

void EventLog::acknowledged(mds::EventId event) {
  EventRecord& record = event_at(event);
  if (!record.waiting) return;
  record.without_call = !record.dead;
  stop_waiting(event);
}

void EventLog::dead_lettered(mds::EventId event, const std::string& reason) {
  stop_waiting(event);
  event_at(event).dead = true;
  reasons_[event.value] = reason;
}

void EventLog::served_from_cache(mds::EventId event, Duration age) {
  EventRecord& record = event_at(event);
  record.from_cache = true;
  record.cached_for = age;
}

std::vector<WaitingEvent> EventLog::waiting() const {
  std::vector<WaitingEvent> waiting;
  events_.each([&](std::uint64_t, const EventRecord& record) {
    if (!record.waiting || record.version == 0) return;
    waiting.push_back({record.queue, record.document, record.place});
  });
  return waiting;
}

std::size_t EventLog::calls_ahead_of(std::uint32_t document) const {
  if (!order_) order_.emplace(waiting());
  return order_->ahead_of(document);
}

std::string EventLog::reason(mds::EventId event) const {
  const auto reason = reasons_.find(event.value);
  return reason == reasons_.end() ? std::string() : reason->second;
}

void EventLog::finish() {
  events_.each([this](std::uint64_t, const EventRecord& record) {
    if (record.waiting) waits_.add_censored(record.arrival);
  });
  for (const auto& [event, arrival] : more_waits_) waits_.add_censored(arrival);
}

mds::EventId EventLog::newest_event(std::uint32_t document) const {
  return document < newest_.size() ? newest_[document].event : mds::EventId{};
}

}  // namespace rehearse::reports
