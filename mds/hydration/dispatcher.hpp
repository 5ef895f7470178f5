// Which call may start next, and when.
//
// Each source has a lane: three first-in-first-out queues (events, enrichment, reconciliation), a
// token bucket, a limit of calls in flight, a circuit breaker, and a hold set by Retry-After. All
// lanes share the bucket `total`. A call starts when its lane has it at the head and nothing
// forbids it; across lanes the higher class goes first, then the one queued first.
//
// Within a lane the higher class goes first too, but not for ever: a class that waits while
// kFairShare calls of higher classes start gets the next one. Reconciliation "on idle" has no such
// claim: it starts only when its lane is empty otherwise and takes only tokens that a full bucket
// would have lost.
//
// Choosing costs the number of sources; queueing and leaving a queue are O(1), backing off O(log
// n).
#pragma once

#include <array>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "base/token_bucket.hpp"
#include "mds/hydration/breaker.hpp"
#include "mds/hydration/jobs.hpp"

namespace rehearse::mds {

inline constexpr int kFairShare = 10;
inline constexpr std::size_t kWorkClasses = 3;

class Dispatcher {
 public:
  Dispatcher(const ServiceConfig& config, const Catalogue& catalogue);

  JobTable jobs;

  /// Appends a job to the queue of its class.
  void queue(JobIndex job, SourceIndex source);
  /// Takes a queued or backing-off job out, for another class or for good.
  void withdraw(JobIndex job, SourceIndex source);
  /// Sets a job aside until `due`.
  void back_off(JobIndex job, Time due);
  /// A job whose back-off is over, taken out; to be queued again.
  std::optional<JobIndex> take_due(Time now);

  /// Starts the next call if one may start now: takes tokens, marks the job as calling.
  std::optional<JobIndex> start(Time now);
  /// The call of a job ended. `healthy`: the source answered, whatever it said.
  CircuitBreaker::Switch finish(const Job& job, SourceIndex source, bool healthy, Time now);
  /// No call to the source starts before `until`.
  void hold(SourceIndex source, Time until);

  /// When start or take_due will have something, if nothing else happens; Time::never() if nothing
  /// is queued.
  Time next() const;
  /// Jobs queued or backing off.
  std::size_t waiting() const { return waiting_; }
  /// True when the source's lane has nothing queued.
  bool lane_empty(SourceIndex source) const;
  /// What a lane holds beside its queues, for fingerprints.
  struct LaneView {
    const CircuitBreaker& breaker;
    Time held_until;
    const std::array<int, kWorkClasses>& overtaken;
  };
  LaneView lane(std::size_t source) const {
    const Lane& lane = lanes_[source];
    return {lane.breaker, lane.held_until, lane.overtaken};
  }
  /// The last queued job of the lowest class below events; kNoJob when there is none.
  JobIndex least_urgent() const;

 private:
  struct Fifo {
    JobIndex head = kNoJob;
    JobIndex tail = kNoJob;
  };
  struct Lane {
    TokenBucket bucket;
    CircuitBreaker breaker;
    Time held_until;
    int calling = 0;
    std::array<Fifo, kWorkClasses> queues;
    std::array<int, kWorkClasses> overtaken{};  ///< calls of higher classes begun while waiting
  };

  std::optional<WorkClass> choose(const Lane& lane) const;
  Time earliest(const Lane& lane, WorkClass work) const;
  void unlink(Lane& lane, JobIndex job);
  void count_overtaking(Lane& lane, WorkClass started);

  int concurrency_;
  bool on_idle_;
  TokenBucket total_;
  std::vector<Lane> lanes_;
  std::set<std::pair<Time, JobIndex>> backing_off_;
  std::size_t waiting_ = 0;
  std::uint64_t places_ = 0;
};

}  // namespace rehearse::mds
