// An event bus between the source systems and the metadata service.
//
// Two kinds. A *queue* keeps no order and delivers at least once: each copy of an event takes its
// own drawn delay, and what is not acknowledged in time comes again. *Kafka* has partitions: an
// event goes to the partition of its key, a partition is delivered in the order of publishing (a
// slow event holds back those behind it), and what is redelivered is everything from the first
// event that is not acknowledged.
//
// Every event has a ledger entry from publishing until it is acknowledged, dropped or expired.
// Invariants: an event that is published is delivered at least once, unless it is dropped by a draw
// or by an outage that loses, or outlives the retention before its delivery; after acknowledgement
// a copy may still come (at least once). Draws come from the streams bus/NAME/delay, /drop,
// /duplicate, /reorder and so on, one per event each, so no setting shifts another's draws.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "mds/contract/event.hpp"
#include "models/host/happening.hpp"
#include "models/host/streams.hpp"
#include "models/transport/bus_config.hpp"
#include "sim/calendar.hpp"

namespace rehearse::models {

/// What faults make of a bus, beside its settings.
struct BusConditions {
  bool outage = false;        ///< nothing comes in or goes out
  bool outage_loses = false;  ///< what is published meanwhile is lost, not held back
  double drop = 0;            ///< a chance of its own beside the setting's
  double duplicate = 0;       ///< the same
  std::vector<sim::Distribution> extra_delays;
};

class Bus {
 public:
  class Consumer {
   public:
    virtual ~Consumer() = default;
    virtual void on_delivery(const mds::ThinEvent& event) = 0;
  };

  /// REQUIRES: all references outlive this.
  Bus(const std::string& name, const BusConfig& config, const Streams& streams,
      sim::Calendar& calendar, const Happenings& happenings, Consumer& consumer);

  /// Begins the standstills that the settings ask for, none of them after `until`.
  void start(Time until);
  /// REQUIRES: ids grow from call to call. `key` chooses the partition.
  void publish(mds::ThinEvent event, std::string_view key);
  void acknowledge(mds::EventId event);

  /// The consumer is away or back; nests with standstills and outages. `redeliver`: it has
  /// forgotten what it had not acknowledged.
  void block();
  void unblock(bool redeliver);
  void set_conditions(const BusConditions& conditions);

  /// Events published and neither acknowledged nor gone.
  std::size_t open() const;

 private:
  struct Entry {
    mds::ThinEvent event;
    Time published;
    std::uint32_t partition = 0;
    std::uint16_t copies = 0;  ///< in transit or waiting
    bool delivered = false;
    bool acknowledged = false;
    bool gone = false;    ///< dropped or expired
    bool closed = false;  ///< in no partition's log any more
  };
  struct Partition {
    std::deque<mds::EventId> log;  ///< from the first event not acknowledged
    Time last_arrival;
    std::uint32_t in_transit = 0;
  };
  struct Deadline {
    Time when;
    mds::EventId event;
  };

  bool kafka() const { return config_.kind == BusConfig::Kind::kafka; }
  Entry* find(mds::EventId id);  ///< nullptr when it is finished
  /// REQUIRES: a copy or the log of its partition still holds the event.
  Entry& entry_of(mds::EventId id);
  void enter(Entry& entry);
  void lose(Entry& entry, Fate fate);
  void send_copy(Entry& entry);
  Duration draw_delay(mds::EventId id);
  void arrive(mds::EventId id);
  void deliver(Entry& entry);
  bool expired(const Entry& entry) const;
  bool finished(const Entry& entry) const;
  void redeliver(Entry& entry);
  void redeliver_open();
  void flush_waiting();
  void release_held();
  void settle(Entry& entry);
  void arm_redelivery();
  void redeliver_due();
  void stand_still(const StandstillConfig& config, stats::Stream& stream, bool redeliver);

  BusConfig config_;
  sim::Calendar& calendar_;
  const Happenings& happenings_;
  Consumer& consumer_;
  stats::Stream delay_stream_, drop_stream_, duplicate_stream_, reorder_stream_,
      reorder_delay_stream_, fault_stream_, pause_stream_, rebalance_stream_;
  BusConditions conditions_;
  std::deque<Entry> ledger_;  ///< by growing id
  std::vector<Partition> partitions_;
  std::deque<mds::EventId> held_;     ///< published during an outage, not sent yet
  std::deque<mds::EventId> waiting_;  ///< copies that have arrived while blocked
  std::deque<Deadline> deadlines_;    ///< of redelivery
  bool redelivery_armed_ = false;
  int blocks_ = 0;
  Time quiet_from_ = Time::never();
};

}  // namespace rehearse::models
