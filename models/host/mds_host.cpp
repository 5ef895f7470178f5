#include "models/host/mds_host.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace rehearse::models {

MdsHost::MdsHost(ServicePort& service, Network& network, sim::Calendar& calendar,
                 const Happenings& happenings)
    : service_(service), network_(network), calendar_(calendar), happenings_(happenings) {
  service_.start(calendar_.now());
  set_notices();
}

void MdsHost::set_notices() { service_.set_notices(happenings_.notices()); }

void MdsHost::connect(std::vector<Api*> apis, std::vector<Bus*> buses) {
  apis_ = std::move(apis);
  buses_ = std::move(buses);
  settle();
}

void MdsHost::bootstrap(std::size_t source, const std::string& path, const std::string& payload) {
  service_.bootstrap({static_cast<std::uint16_t>(source)}, path, payload, calendar_.now());
  settle();
}

void MdsHost::end_bootstrap() {
  service_.end_bootstrap(calendar_.now());
  settle();
}

// ---- events and wake-ups ----

// Nothing is delivered while the service is away or settling: a pause and a crash block the buses,
// and settling publishes nothing.
void MdsHost::on_delivery(const mds::ThinEvent& event) {
  assert(active() && !settling_);
  service_.on_event(event, calendar_.now());
  settle();
}

void MdsHost::arm_wakeup() {
  const std::optional<Time> next = service_.next_wakeup();
  // A wake-up that comes too early does nothing, so an armed one is only ever brought forward.
  if (!next || wakeup_at_ <= *next) return;
  calendar_.cancel(wakeup_);
  wakeup_at_ = std::max(*next, calendar_.now());
  wakeup_ = calendar_.at(wakeup_at_, [this] { wake_up(); });
}

void MdsHost::wake_up() {
  wakeup_at_ = Time::never();
  if (!active()) return;  // resume() wakes the service
  service_.on_timer(calendar_.now());
  settle();
}

// ---- calls ----

void MdsHost::send(const mds::SourceRequest& request) {
  if (spare_.empty()) {
    spare_.push_back(calls_.size());
    calls_.emplace_back();
  }
  const Api::Ticket ticket = spare_.back();
  spare_.pop_back();
  Call& call = calls_[ticket];
  assert(call.use == 0 && !call.under_way);
  call.request = request.id;
  call.source = request.source.value;
  assert(call.source < apis_.size());
  call.path = request.path;
  call.use = ++uses_;
  call.awaited = true;
  call.under_way = true;
  const Deadline deadline{calendar_.now() + request.timeout, ticket, call.use};
  if (deadlines_.empty() || deadlines_.back().when <= deadline.when) {
    deadlines_.push_back(deadline);
    arm_timeouts();
  } else {
    calendar_.at(deadline.when, [this, deadline] { expire(deadline); });
  }
  network_.send(Network::Way::to_source, call.source, call.path.size(),
                [this, ticket] { apis_[calls_[ticket].source]->call(ticket); });
}

const std::string& MdsHost::path_of(Api::Ticket ticket) const { return calls_[ticket].path; }
mds::RequestId MdsHost::request_of(Api::Ticket ticket) const { return calls_[ticket].request; }

void MdsHost::on_reply(Api::Ticket ticket, Api::Reply reply) {
  assert(calls_[ticket].under_way);
  Call& call = calls_[ticket];
  if (reply.lost) {
    call.under_way = false;
    if (!call.awaited) release(ticket);
    return;
  }
  call.reply = std::move(reply);
  network_.send(Network::Way::to_service, call.source, call.reply.response.body.size(),
                [this, ticket] { arrive(ticket); });
}

void MdsHost::arrive(Api::Ticket ticket) {
  assert(calls_[ticket].under_way);
  Call& call = calls_[ticket];
  const bool awaited = call.awaited;  // else it came after its timeout, or its service is gone
  CallEnded answer{call.request, std::move(call.reply.response), call.reply.version};
  release(ticket);
  if (awaited) take(std::move(answer));
}

void MdsHost::take(CallEnded answer) {
  if (!active() || settling_) {
    answers_.push_back(std::move(answer));
    return;
  }
  hand_over(answer);
  settle();
}

void MdsHost::hand_over(const CallEnded& answer) {
  assert(active());
  happenings_.tell(answer, calendar_.now());
  service_.on_response(answer.request, answer.response, calendar_.now());
}

void MdsHost::release(Api::Ticket ticket) {
  Call& call = calls_[ticket];
  assert(call.use != 0);
  call.use = 0;
  call.awaited = false;
  call.under_way = false;
  call.reply = {};
  spare_.push_back(ticket);
}

void MdsHost::arm_timeouts() {
  while (!deadlines_.empty() && calls_[deadlines_.front().ticket].use != deadlines_.front().use) {
    deadlines_.pop_front();
  }
  if (timeouts_armed_ || deadlines_.empty()) return;
  timeouts_armed_ = true;
  calendar_.at(deadlines_.front().when, [this] {
    timeouts_armed_ = false;
    while (!deadlines_.empty() && deadlines_.front().when <= calendar_.now()) {
      const Deadline due = deadlines_.front();
      deadlines_.pop_front();
      expire(due);
    }
    arm_timeouts();
  });
}

void MdsHost::expire(const Deadline& deadline) {
  Call& call = calls_[deadline.ticket];
  if (call.use != deadline.use || !call.awaited) return;
  call.awaited = false;
  CallEnded answer{call.request, {}};
  answer.response.outcome = mds::Response::Outcome::timed_out;
  answer.response.status = 0;
  if (!call.under_way) release(deadline.ticket);
  take(std::move(answer));
}

// ---- after every input ----

void MdsHost::settle() {
  assert(crashes_ == 0 && !settling_);
  settling_ = true;
  empty_service();
  while (!answers_.empty()) {
    const CallEnded answer = std::move(answers_.front());
    answers_.pop_front();
    hand_over(answer);
    empty_service();
  }
  settling_ = false;
  arm_wakeup();
}

void MdsHost::empty_service() {
  const Time now = calendar_.now();
  const ServiceOutput output = service_.poll();
  for (const mds::TxReport& report : output.written) happenings_.tell(report, now);
  for (const mds::Notice& notice : output.notices) happenings_.tell(notice, now);
  for (const mds::EventId event : output.acknowledged) {
    happenings_.tell(Acknowledged{event}, now);
    for (Bus* bus : buses_) bus->acknowledge(event);
  }
  for (const mds::SourceRequest& request : output.requests) {
    happenings_.tell(request, now);
    send(request);
  }
  happenings_.tell(QueueLength{output.waiting}, now);
}

// ---- faults ----

void MdsHost::pause() {
  if (++pauses_ == 1) happenings_.tell(ConditionChanged{Condition::paused}, calendar_.now());
  for (Bus* bus : buses_) bus->block();
}

void MdsHost::resume() {
  assert(pauses_ > 0);
  if (--pauses_ == 0) happenings_.tell(ConditionChanged{Condition::resumed}, calendar_.now());
  if (active()) {
    service_.on_timer(calendar_.now());
    tell_index();
  }
  for (Bus* bus : buses_) bus->unblock(false);
}

void MdsHost::crash() {
  for (Bus* bus : buses_) bus->block();
  if (++crashes_ > 1) return;
  happenings_.tell(ConditionChanged{Condition::crashed}, calendar_.now());
  service_.crash();
  answers_.clear();
  for (Api::Ticket ticket = 0; ticket < calls_.size(); ++ticket) {
    Call& call = calls_[ticket];
    if (call.use == 0) continue;
    call.awaited = false;
    if (!call.under_way) release(ticket);
  }
}

void MdsHost::restart() {
  assert(crashes_ > 0);
  if (--crashes_ == 0) {
    happenings_.tell(ConditionChanged{Condition::restarted}, calendar_.now());
    service_.start(calendar_.now());
    set_notices();
    tell_index();
  }
  for (Bus* bus : buses_) bus->unblock(true);
}

void MdsHost::index_down() {
  if (++index_outages_ == 1)
    happenings_.tell(ConditionChanged{Condition::index_down}, calendar_.now());
  tell_index();
}

void MdsHost::index_up() {
  assert(index_outages_ > 0);
  if (--index_outages_ == 0)
    happenings_.tell(ConditionChanged{Condition::index_up}, calendar_.now());
  tell_index();
}

// A service that is away or paused is told when it is back.
void MdsHost::tell_index() {
  if (!active()) return;
  service_.set_index_up(index_outages_ == 0, calendar_.now());
  settle();
}

// ---- questions ----

mds::QueryAnswer MdsHost::ask(const std::string& question, const std::string& uri) {
  return service_.ask(question, uri, calendar_.now());
}

std::optional<Time> MdsHost::last_verified(const std::string& uri) const {
  return service_.last_verified(uri);
}

}  // namespace rehearse::models
