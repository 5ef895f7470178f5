#include "models/transport/bus.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "world/partition.hpp"

namespace rehearse::models {
namespace {

// Three of the longest would not fit into 64 bits.
Duration sum(Duration a, Duration b) { return std::min(a + b, sim::Distribution::kLongest); }

}  // namespace

Bus::Bus(const std::string& name, const BusConfig& config, const Streams& streams,
         sim::Calendar& calendar, const Happenings& happenings, Consumer& consumer)
    : config_(config),
      calendar_(calendar),
      happenings_(happenings),
      consumer_(consumer),
      delay_stream_(streams.named("bus/" + name + "/delay")),
      drop_stream_(streams.named("bus/" + name + "/drop")),
      duplicate_stream_(streams.named("bus/" + name + "/duplicate")),
      reorder_stream_(streams.named("bus/" + name + "/reorder")),
      reorder_delay_stream_(streams.named("bus/" + name + "/reorder-delay")),
      fault_stream_(streams.named("bus/" + name + "/faults")),
      pause_stream_(streams.named("bus/" + name + "/consumer-pause")),
      rebalance_stream_(streams.named("bus/" + name + "/rebalance")) {
  if (kafka()) partitions_.resize(config.partitions);
}

// ---- publishing ----

void Bus::publish(mds::ThinEvent event, std::string_view key) {
  assert(ledger_.empty() || ledger_.back().event.id < event.id);
  Entry& entry = ledger_.emplace_back();
  entry.event = std::move(event);
  entry.published = calendar_.now();
  if (kafka()) {
    entry.partition = static_cast<std::uint32_t>(world::partition_of(key, partitions_.size()));
  }
  if (!conditions_.outage) {
    enter(entry);
  } else if (conditions_.outage_loses) {
    lose(entry, Fate::dropped);
  } else {
    held_.push_back(entry.event.id);
    happenings_.tell(EventFate{entry.event.id, Fate::held}, calendar_.now());
  }
}

void Bus::enter(Entry& entry) {
  const bool drawn = drop_stream_.chance(config_.drop);
  const bool faulty = fault_stream_.chance(conditions_.drop);
  if (drawn || faulty) {
    lose(entry, Fate::dropped);
    return;
  }
  if (kafka()) partitions_[entry.partition].log.push_back(entry.event.id);
  entry.copies = 1;
  const bool twice = duplicate_stream_.chance(config_.duplicate);
  const bool faulty_twice = fault_stream_.chance(conditions_.duplicate);
  if (!twice && !faulty_twice) {
    send_copy(entry);
    return;
  }
  entry.copies = 2;  // keeps the entry while the first copy is delivered at once
  happenings_.tell(EventFate{entry.event.id, Fate::duplicated}, calendar_.now());
  send_copy(entry);
  send_copy(entry);
}

void Bus::lose(Entry& entry, Fate fate) {
  assert(!entry.gone);
  entry.gone = true;
  happenings_.tell(EventFate{entry.event.id, fate}, calendar_.now());
  settle(entry);
}

Duration Bus::draw_delay(mds::EventId id) {
  Duration delay = config_.delay.sample(delay_stream_);
  if (reorder_stream_.chance(config_.reorder)) {
    delay = sum(delay, config_.reorder_delay.sample(reorder_delay_stream_));
    happenings_.tell(EventFate{id, Fate::reordered}, calendar_.now());
  }
  for (const sim::Distribution& extra : conditions_.extra_delays) {
    delay = sum(delay, extra.sample(fault_stream_));
  }
  return delay;
}

void Bus::send_copy(Entry& entry) {
  const mds::EventId id = entry.event.id;
  Time arrival = calendar_.now() + draw_delay(id);
  if (!kafka()) {
    if (arrival == calendar_.now()) {
      arrive(id);
    } else {
      calendar_.at(arrival, [this, id] { arrive(id); });
    }
    return;
  }
  Partition& partition = partitions_[entry.partition];
  arrival = std::max(arrival, partition.last_arrival);
  if (arrival == calendar_.now() && partition.in_transit == 0) {
    arrive(id);
    return;
  }
  partition.last_arrival = arrival;
  ++partition.in_transit;
  calendar_.at(arrival, [this, id, &partition] {
    assert(partition.in_transit > 0);
    --partition.in_transit;
    arrive(id);
  });
}

// ---- delivery ----

void Bus::arrive(mds::EventId id) {
  if (blocks_ > 0) {
    waiting_.push_back(id);
  } else {
    deliver(entry_of(id));
  }
}

void Bus::deliver(Entry& entry) {
  assert(entry.copies > 0);
  const mds::EventId id = entry.event.id;
  const Time now = calendar_.now();
  if (expired(entry)) {
    --entry.copies;
    if (!entry.acknowledged && !entry.gone) {
      lose(entry, Fate::expired);
    } else {
      settle(entry);
    }
    return;
  }
  entry.delivered = true;
  happenings_.tell(EventFate{id, Fate::delivered}, now);
  if (config_.redeliver_after) {
    deadlines_.push_back({now + *config_.redeliver_after, id});
    arm_redelivery();
  }
  consumer_.on_delivery(entry.event);
  --entry.copies;  // only now: the copy has kept the entry
  settle(entry);
}

bool Bus::expired(const Entry& entry) const {
  return calendar_.now() - entry.published > config_.retention;
}

void Bus::block() { ++blocks_; }

void Bus::unblock(bool redeliver) {
  assert(blocks_ > 0);
  if (redeliver) redeliver_open();
  --blocks_;
  flush_waiting();
}

void Bus::flush_waiting() {
  while (blocks_ == 0 && !waiting_.empty()) {
    const mds::EventId id = waiting_.front();
    waiting_.pop_front();
    deliver(entry_of(id));
  }
}

// ---- acknowledgement and redelivery ----

void Bus::acknowledge(mds::EventId id) {
  Entry* entry = find(id);
  if (entry == nullptr) return;
  entry->acknowledged = true;
  settle(*entry);
}

void Bus::redeliver(Entry& entry) {
  assert(entry.delivered && !entry.gone);
  ++entry.copies;
  happenings_.tell(EventFate{entry.event.id, Fate::redelivered}, calendar_.now());
}

// What comes again goes before what has been waiting for its first delivery, so that a partition's
// order is kept. A queue repeats what is not acknowledged, kafka all from the first such event.
void Bus::redeliver_open() {
  std::vector<mds::EventId> again;
  for (Entry& entry : ledger_) {
    if (!entry.delivered || entry.gone) continue;
    if (kafka() ? entry.closed : entry.acknowledged) continue;
    redeliver(entry);
    again.push_back(entry.event.id);
  }
  waiting_.insert(waiting_.begin(), again.begin(), again.end());
}

void Bus::arm_redelivery() {
  if (redelivery_armed_ || deadlines_.empty()) return;
  redelivery_armed_ = true;
  calendar_.at(deadlines_.front().when, [this] {
    redelivery_armed_ = false;
    redeliver_due();
    arm_redelivery();
  });
}

void Bus::redeliver_due() {
  while (!deadlines_.empty() && deadlines_.front().when <= calendar_.now()) {
    const mds::EventId id = deadlines_.front().event;
    deadlines_.pop_front();
    Entry* entry = find(id);
    if (entry == nullptr || entry->acknowledged || entry->gone) continue;
    redeliver(*entry);
    arrive(id);
  }
}

// ---- the ledger ----

Bus::Entry* Bus::find(mds::EventId id) {
  if (ledger_.empty() || id < ledger_.front().event.id) return nullptr;
  const std::size_t guess = id.value - ledger_.front().event.id.value;  // right with a single bus
  if (guess < ledger_.size() && ledger_[guess].event.id == id) return &ledger_[guess];
  const auto place = std::lower_bound(
      ledger_.begin(), ledger_.end(), id,
      [](const Entry& entry, mds::EventId wanted) { return entry.event.id < wanted; });
  return place != ledger_.end() && place->event.id == id ? &*place : nullptr;
}

Bus::Entry& Bus::entry_of(mds::EventId id) {
  Entry* entry = find(id);
  assert(entry != nullptr);
  return *entry;
}

bool Bus::finished(const Entry& entry) const {
  if (entry.copies > 0) return false;
  return entry.gone || (entry.acknowledged && (!kafka() || entry.closed));
}

// Lets go of what the entry's end makes superfluous. May remove the entry itself.
void Bus::settle(Entry& entry) {
  if (!entry.gone && !entry.acknowledged) return;
  if (kafka()) {
    std::deque<mds::EventId>& log = partitions_[entry.partition].log;
    while (!log.empty()) {
      Entry& first = entry_of(log.front());
      if (!first.acknowledged && !first.gone) break;
      first.closed = true;
      if (finished(first)) first.event.body = std::string();
      log.pop_front();
    }
  }
  if (finished(entry)) entry.event.body = std::string();
  while (!ledger_.empty() && finished(ledger_.front())) ledger_.pop_front();
}

std::size_t Bus::open() const {
  return static_cast<std::size_t>(
      std::count_if(ledger_.begin(), ledger_.end(),
                    [](const Entry& entry) { return !entry.gone && !entry.acknowledged; }));
}

// ---- conditions ----

void Bus::set_conditions(const BusConditions& conditions) {
  const bool begins = conditions.outage && !conditions_.outage;
  const bool ends = !conditions.outage && conditions_.outage;
  conditions_ = conditions;
  if (begins) block();
  if (ends) {
    unblock(false);
    release_held();
  }
}

void Bus::release_held() {
  std::deque<mds::EventId> held;
  held.swap(held_);
  for (const mds::EventId id : held) {
    Entry& entry = entry_of(id);
    if (expired(entry)) {
      lose(entry, Fate::expired);
    } else {
      enter(entry);
    }
  }
}

void Bus::start(Time until) {
  quiet_from_ = until;
  if (config_.consumer_pause) stand_still(*config_.consumer_pause, pause_stream_, false);
  if (config_.rebalance) stand_still(*config_.rebalance, rebalance_stream_, true);
}

void Bus::stand_still(const StandstillConfig& config, stats::Stream& stream, bool redeliver) {
  const Time begin = calendar_.now() + config.every.sample(stream);
  const Time end = std::min(begin + config.length.sample(stream), quiet_from_);
  if (begin >= quiet_from_) return;
  calendar_.at(begin, [this] { block(); });
  calendar_.at(end, [this, &config, &stream, redeliver] {
    unblock(redeliver);
    stand_still(config, stream, redeliver);
  });
}

}  // namespace rehearse::models
