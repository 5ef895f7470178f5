// The metadata service as a process of the simulated world: it consumes from the buses, calls the
// sources over the network, keeps the service's promise that every call is answered or times out,
// and can be paused or crash.
//
// The service is sans-I/O (models/host/service_port.hpp); this is its driver. After every input it
// takes out what the service wants, until nothing is left: reports and notices are told,
// acknowledgements go to the buses, calls to the network. Answers that arrive while it does so wait
// their turn, so the service is never entered twice.
//
// A crash ends the service and all calls under way; started again, it takes up what it has written
// down as unfinished, and the buses deliver again what was not acknowledged. A pause stops
// everything, the handling of answers and timeouts too, and loses nothing.
//
// Timeouts are all of the same length, so they wait in a queue with one calendar event for its
// head: an event per call, cancelled as a rule, would cost as much as the call itself.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "models/host/happening.hpp"
#include "models/host/service_port.hpp"
#include "models/sources/api.hpp"
#include "models/transport/bus.hpp"
#include "models/transport/network.hpp"
#include "sim/calendar.hpp"

namespace rehearse::models {

class MdsHost final : public Bus::Consumer, public Api::Caller {
 public:
  /// Starts the service. REQUIRES: it numbers its sources as the world does, and all references
  /// outlive this.
  MdsHost(ServicePort& service, Network& network, sim::Calendar& calendar,
          const Happenings& happenings);

  /// To be called once, before anything else. `apis` are by index in the world.
  void connect(std::vector<Api*> apis, std::vector<Bus*> buses);

  /// Takes a payload as known since the start (ServicePort::bootstrap).
  void bootstrap(std::size_t source, const std::string& path, const std::string& payload);
  void end_bootstrap();
  /// Has the service make the notices that are heard now.
  void set_notices();

  void on_delivery(const mds::ThinEvent& event) override;
  const std::string& path_of(Api::Ticket ticket) const override;
  mds::RequestId request_of(Api::Ticket ticket) const override;
  void on_reply(Api::Ticket ticket, Api::Reply reply) override;

  void pause();
  void resume();
  void crash();
  void restart();
  /// The search index is away; outages may overlap.
  void index_down();
  void index_up();

  /// Answers a question put to the graph (ServicePort::ask).
  mds::QueryAnswer ask(const std::string& question, const std::string& uri);
  std::optional<Time> last_verified(const std::string& uri) const;

 private:
  struct Call {
    mds::RequestId request;
    std::size_t source = 0;
    std::string path;
    Api::Reply reply;
    std::uint64_t use = 0;   ///< which use of the place this is; 0 when free
    bool awaited = false;    ///< the service still waits for the answer
    bool under_way = false;  ///< something in the network or the API still holds the ticket
  };
  struct Deadline {
    Time when;
    Api::Ticket ticket;
    std::uint64_t use;
  };

  void tell_index();
  bool active() const { return crashes_ == 0 && pauses_ == 0; }
  void send(const mds::SourceRequest& request);
  void arrive(Api::Ticket ticket);
  void take(CallEnded answer);
  void hand_over(const CallEnded& answer);
  void expire(const Deadline& deadline);
  void release(Api::Ticket ticket);
  void arm_timeouts();
  void settle();
  void empty_service();
  void arm_wakeup();
  void wake_up();

  ServicePort& service_;
  Network& network_;
  sim::Calendar& calendar_;
  const Happenings& happenings_;
  std::vector<Api*> apis_;
  std::vector<Bus*> buses_;

  std::vector<Call> calls_;
  std::vector<Api::Ticket> spare_;
  std::uint64_t uses_ = 0;
  std::deque<CallEnded> answers_;  ///< that the service has not been given yet
  std::deque<Deadline> deadlines_;
  bool timeouts_armed_ = false;
  bool settling_ = false;
  int pauses_ = 0;
  int crashes_ = 0;        ///< crash faults that have not ended
  int index_outages_ = 0;  ///< outages of the index that have not ended
  Time wakeup_at_ = Time::never();
  sim::Calendar::Handle wakeup_;
};

}  // namespace rehearse::models
