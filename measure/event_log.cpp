#include "measure/event_log.hpp"

#include <algorithm>
#include <cstddef>

namespace rehearse::measure {

void EventLog::changed(std::uint64_t number, std::uint32_t document, std::int64_t version,
                       std::size_t queue) {
  change_ = {number, document, static_cast<std::uint16_t>(queue), version};
}

void EventLog::published(mds::EventId event, std::uint64_t change) {
  ++published_;
  newest_published_ = std::max(newest_published_, event.value);
  EventRecord& record = records_[event.value];
  if (change == 0 || change != change_.number) return;
  record.document = change_.document;
  record.queue = change_.queue;
  record.version = change_.version;
  if (record.document >= newest_.size()) newest_.resize(record.document + 1);
  Newest& newest = newest_[record.document];
  if (newest.version > record.version) return;
  const auto before = records_.find(newest.event.value);
  newest = {event, record.version};
  if (before != records_.end()) let_go_if_over(before);
}

// One whose record is gone was delivered and acknowledged, and now comes again.
EventLog::Records::iterator EventLog::record_of(mds::EventId event) {
  const auto [found, fresh] = records_.try_emplace(event.value);
  if (fresh && event.value <= newest_published_) {
    found->second.has_fate = found->second.over = true;
    found->second.fate = models::Fate::delivered;
  }
  return found;
}

const EventRecord* EventLog::find(mds::EventId event) const {
  const auto found = records_.find(event.value);
  return found == records_.end() ? nullptr : &found->second;
}

void EventLog::fate(mds::EventId event, models::Fate fate, Time now) {
  using models::Fate;
  ++fates_[static_cast<std::size_t>(fate)];
  const auto found = record_of(event);
  EventRecord& record = found->second;
  if (fate == Fate::delivered) arrived(event, record, now);
  if (!record.has_fate || record.fate != Fate::delivered) {
    record.has_fate = true;
    record.fate = fate;
    record.over |= fate == Fate::dropped || fate == Fate::expired;
  }
  let_go_if_over(found);
}

void EventLog::arrived(mds::EventId event, EventRecord& record, Time now) {
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
  const auto found = records_.find(event.value);
  if (found == records_.end() || !found->second.waiting) return;
  EventRecord& record = found->second;
  waits_.add(record.arrival, now);
  if (record.more) {
    const auto [first, last] = more_waits_.equal_range(event.value);
    for (auto wait = first; wait != last; ++wait) waits_.add(wait->second, now);
  }
  stop_waiting(event, record);
  let_go_if_over(found);
}

void EventLog::stop_waiting(mds::EventId event, EventRecord& record) {
  order_.reset();
  if (record.more) more_waits_.erase(event.value);
  record.waiting = record.more = false;
}

void EventLog::acknowledged(mds::EventId event) {
  const auto found = records_.find(event.value);
  if (found == records_.end()) return;
  EventRecord& record = found->second;
  record.over = true;
  if (record.waiting) {
    record.without_call = !record.dead;
    stop_waiting(event, record);
  }
  let_go_if_over(found);
}

void EventLog::dead_lettered(mds::EventId event, const std::string& reason) {
  const auto found = records_.find(event.value);
  if (found == records_.end()) return;
  stop_waiting(event, found->second);
  found->second.dead = true;
  reasons_[event.value] = reason;
  let_go_if_over(found);
}

void EventLog::took_payload(mds::EventId event) {
  const auto found = records_.find(event.value);
  if (found != records_.end()) found->second.payload = true;
}

void EventLog::served_from_cache(mds::EventId event, Duration age) {
  const auto found = records_.find(event.value);
  if (found == records_.end()) return;
  found->second.from_cache = true;
  found->second.cached_for = age;
}

// Nobody asks for it any more, unless it is the newest of its document.
void EventLog::let_go_if_over(Records::iterator found) {
  const EventRecord& record = found->second;
  if (!record.over || record.waiting) return;
  if (record.document != kUnknown && newest_[record.document].event.value == found->first) return;
  if (record.dead) reasons_.erase(found->first);
  records_.erase(found);
}

std::vector<WaitingEvent> EventLog::waiting() const {
  std::vector<WaitingEvent> waiting;
  for (const auto& [number, record] : records_) {
    if (!record.waiting || record.document == kUnknown) continue;
    waiting.push_back({record.queue, record.document, record.place});
  }
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
  for (const auto& [number, record] : records_) {
    if (record.waiting) waits_.add_censored(record.arrival);
  }
  for (const auto& [event, arrival] : more_waits_) waits_.add_censored(arrival);
}

mds::EventId EventLog::newest_event(std::uint32_t document) const {
  return document < newest_.size() ? newest_[document].event : mds::EventId{};
}

}  // namespace rehearse::measure
