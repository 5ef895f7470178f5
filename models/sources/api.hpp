// The API of one source system: a pool of servers in front of the truth.
//
// A call is refused by the rate limit (429 with Retry-After) or by an outage (the connection
// fails), or joins the FIFO queue of the pool. What it reads is the state when its service starts,
// minus a drawn replica lag. Some calls end with an error, some are never answered, but none while
// the run quiesces: then nothing is lost, while limits, lags and service times stay as they are. An
// outage that begins fails every call that is queued or in service. A page of a listing that a
// fault makes partial is answered with 200 and the next cursor, and without its items.
//
// Draws come from the streams NAME/api/service, /error, /timeout, /lag: one each per call served;
// and, while listings are partial, one of /pages.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/token_bucket.hpp"
#include "mds/contract/event.hpp"
#include "models/host/happening.hpp"
#include "models/host/streams.hpp"
#include "models/sources/api_config.hpp"
#include "sim/station.hpp"
#include "world/world.hpp"

namespace rehearse::models {

/// What faults make of a source's API, beside its settings.
struct ApiConditions {
  bool outage = false;
  double slow_factor = 1;        ///< of service times
  double error_rate = 0;         ///< a chance of its own beside the setting's
  std::optional<Rate> throttle;  ///< a rate limit beside the setting's
  Duration lag;                  ///< beside the drawn one
  double lost_pages = 0;         ///< the chance that a page of a listing comes without its items
};

class Api final : public sim::Station::Owner {
 public:
  /// Numbers a call; chosen by the caller, free again when the call is over.
  using Ticket = std::uint64_t;

  /// How a call ends.
  struct Reply {
    mds::Response response;
    std::int64_t version = 0;  ///< of the state read, 0 when none was
    bool lost = false;         ///< no answer ever comes
  };

  class Caller {
   public:
    virtual ~Caller() = default;
    virtual const std::string& path_of(Ticket ticket) const = 0;
    virtual mds::RequestId request_of(Ticket ticket) const = 0;
    /// Called exactly once per call; within Api::call when it is refused.
    virtual void on_reply(Ticket ticket, Reply reply) = 0;
  };

  /// `source` is the index in the world and in what is told. REQUIRES: all references outlive
  /// this.
  Api(const std::string& name, std::size_t source, const ApiConfig& config, const Streams& streams,
      sim::Calendar& calendar, const world::World& world, const Happenings& happenings,
      Caller& caller);

  /// Errors and timeouts end at `until`.
  void start(Time until) { healthy_from_ = until; }
  void call(Ticket ticket);
  void set_conditions(const ApiConditions& conditions);
  const sim::Station& station() const { return station_; }

 private:
  Duration on_start(sim::Station::Job job, Duration waited) override;
  void on_end(sim::Station::Job job) override;

  std::optional<Duration> refuse();
  Reply read(Ticket ticket, std::vector<std::string>& lost);
  world::ApiAnswer ask(Ticket ticket, Time at, std::vector<std::string>& lost);

  std::size_t source_;
  ApiConfig config_;
  sim::Calendar& calendar_;
  const world::World& world_;
  const Happenings& happenings_;
  Caller& caller_;
  sim::Station station_;
  std::optional<TokenBucket> limiter_;
  std::optional<TokenBucket> throttle_;
  ApiConditions conditions_;
  Time healthy_from_ = Time::never();
  stats::Stream service_stream_, error_stream_, timeout_stream_, lag_stream_, fault_stream_;
  stats::Stream page_stream_;
  std::vector<Reply> replies_;  ///< of the calls in service, by ticket
};

}  // namespace rehearse::models
