// A FIFO queue in front of c servers: an M/G/c station where arrivals are what they are.
//
// Driven by calendar events alone (one per job), because an actor per server costs a context switch
// per job: 1.3-1.6 million jobs a second against 0.2-0.4 million. A job is a number that means
// something to the owner, who is called when its service starts, and says how long it takes, and
// when it ends.
//
// Accounting is in whole nanoseconds: busy time is the integral of the number of busy servers, and
// a wait runs from submit to the start of service.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "base/time.hpp"
#include "sim/calendar.hpp"

namespace rehearse::sim {

/// What a station has done so far.
struct StationTotals {
  std::uint64_t started = 0;
  std::uint64_t finished = 0;
  std::uint64_t dropped = 0;
  std::uint64_t waited = 0;  ///< jobs that found no server free
  Int128 wait = 0;           ///< sum over started jobs, nanoseconds
  Duration longest_wait;
  Int128 busy = 0;  ///< server-nanoseconds until now
  std::size_t longest_queue = 0;
};

class Station {
 public:
  using Job = std::uint64_t;

  /// The owner of the jobs. Both calls may submit further jobs.
  class Owner {
   public:
    virtual ~Owner() = default;
    /// A server starts on `job`; returns the service time it needs when the
    /// station is not slow.
    virtual Duration on_start(Job job, Duration waited) = 0;
    virtual void on_end(Job job) = 0;
  };

  /// REQUIRES: servers > 0; `calendar` and `owner` outlive this.
  Station(Calendar& calendar, int servers, Owner& owner);

  void submit(Job job);

  /// While paused no server starts on a job; services under way end. Pauses nest.
  void pause();
  void resume();
  /// Service times of jobs started from now on are multiplied by this, and end at
  /// Distribution::kLongest. REQUIRES: factor >= 0.
  void set_slow_factor(double factor);
  /// A service time as the slow factor makes it now.
  Duration scaled(Duration service) const;
  /// Takes out all jobs, those in service first, then the queue in order; on_end is not called.
  std::vector<Job> drop_all();

  std::size_t queue_length() const { return queue_.size(); }
  int busy_servers() const { return busy_; }
  int servers() const { return static_cast<int>(serving_.size()); }
  StationTotals totals() const;

 private:
  struct Waiting {
    Job job;
    Time since;
  };
  struct Serving {
    Job job = 0;
    Calendar::Handle end;
    bool busy = false;
  };

  void dispatch();
  void start(Job job, Duration waited);
  void finish(std::uint32_t server);
  void account();

  Calendar& calendar_;
  Owner& owner_;
  std::deque<Waiting> queue_;
  std::vector<Serving> serving_;
  std::vector<std::uint32_t> free_;
  int busy_ = 0;
  int pauses_ = 0;
  double slow_factor_ = 1;
  Time accounted_;
  StationTotals totals_;
};

}  // namespace rehearse::sim
