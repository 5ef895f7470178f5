// Calls on sources: begun when queue, budget and breaker allow (dispatcher.hpp), and repeated later
// when they fail (retry.hpp).
//
// Whoever opens a job in `jobs` queues it here; from then on it is queued, calling or backing off,
// until `end` hands it back with the answer. It is then queued again, repeated, or closed.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "mds/hydration/dispatcher.hpp"
#include "mds/service/turn.hpp"

namespace rehearse::mds {

class Calls {
 public:
  /// Calls are numbered from `first`. REQUIRES: `config` outlives this.
  Calls(const ServiceConfig& config, const Catalogue& catalogue, RequestId first);

  JobTable& jobs() { return dispatcher_.jobs; }
  const Dispatcher& dispatcher() const { return dispatcher_; }

  /// The bounded queue takes more.
  bool room(const Turn& turn) const {
    return dispatcher_.waiting() < turn.config.hydration.queue_limit;
  }
  /// Puts a job that waits for nothing at the end of the queue of its class.
  void queue(JobIndex job, const Turn& turn);
  /// Moves a job that waits for its call to the end of another class's queue.
  void move_up(JobIndex job, WorkClass work, const Turn& turn);
  /// Takes the least urgent job below events out of its queue; kNoJob when there is none.
  JobIndex displace(const Turn& turn);

  /// Starts the next call, if one may start.
  bool start(const Turn& turn) {
    const auto job = dispatcher_.start(turn.now);
    if (job) begin(*job, turn);
    return job.has_value();
  }
  /// The job whose call has ended with this answer; nullopt when the call is not in flight.
  std::optional<JobIndex> end(RequestId request, const Response& response, const Turn& turn);
  /// After a failure that may pass: the call is repeated after a while. False when it was the last
  /// attempt.
  bool repeat(JobIndex job, const Response& response, const Turn& turn);
  /// Queues what has backed off long enough.
  void queue_due(const Turn& turn);

  /// The calls begun since the last time.
  std::vector<SourceRequest> take_requests() { return std::exchange(requests_, {}); }
  /// When start or queue_due will have something to do; Time::never() when nothing waits.
  Time next() const { return dispatcher_.next(); }
  /// The number that the next call will get.
  RequestId next_request() const { return next_request_; }

 private:
  void begin(JobIndex job, const Turn& turn);

  Dispatcher dispatcher_;
  std::unordered_map<std::uint64_t, JobIndex> calling_;  // by request; looked up only
  RequestId next_request_;
  std::vector<SourceRequest> requests_;
};

}  // namespace rehearse::mds
