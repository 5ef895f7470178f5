#include "models/sources/api.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace rehearse::models {
namespace {

Api::Reply failure() {
  Api::Reply reply;
  reply.response.outcome = mds::Response::Outcome::failed;
  reply.response.status = 0;
  return reply;
}

Api::Reply refusal(Duration retry_after) {
  Api::Reply reply;
  reply.response.status = 429;
  reply.response.retry_after = retry_after;
  return reply;
}

}  // namespace

Api::Api(const std::string& name, std::size_t source, const ApiConfig& config,
         const Streams& streams, sim::Calendar& calendar, const world::World& world,
         const Happenings& happenings, Caller& caller)
    : source_(source),
      config_(config),
      calendar_(calendar),
      world_(world),
      happenings_(happenings),
      caller_(caller),
      station_(calendar, config.servers, *this),
      service_stream_(streams.named(name + "/api/service")),
      error_stream_(streams.named(name + "/api/error")),
      timeout_stream_(streams.named(name + "/api/timeout")),
      lag_stream_(streams.named(name + "/api/lag")),
      fault_stream_(streams.named(name + "/api/faults")),
      page_stream_(streams.named(name + "/api/pages")) {
  if (config.rate_limit)
    limiter_.emplace(*config.rate_limit, static_cast<double>(config.rate_limit_burst));
}

void Api::call(Ticket ticket) {
  if (conditions_.outage) {
    caller_.on_reply(ticket, failure());
  } else if (const std::optional<Duration> wait = refuse()) {
    caller_.on_reply(ticket, refusal(*wait));
  } else {
    station_.submit(ticket);
  }
}

std::optional<Duration> Api::refuse() {
  if (limiter_) {
    if (const auto wait = limiter_->refuse(calendar_.now())) return wait;
  }
  return throttle_ ? throttle_->refuse(calendar_.now()) : std::nullopt;
}

Duration Api::on_start(sim::Station::Job job, Duration waited) {
  if (replies_.size() <= job) replies_.resize(job + 1);
  CallServed served;
  replies_[job] = read(job, served.lost);
  const Duration service = config_.service_time.sample(service_stream_);
  served.request = caller_.request_of(job);
  served.source = source_;
  served.waited = waited;
  served.takes = station_.scaled(service);
  happenings_.tell(served, calendar_.now());
  return service;
}

Api::Reply Api::read(Ticket ticket, std::vector<std::string>& lost) {
  Reply reply;
  const bool healthy = calendar_.now() >= healthy_from_;
  reply.lost = !healthy && timeout_stream_.chance(config_.timeout_rate);
  const bool drawn = !healthy && error_stream_.chance(config_.error_rate);
  const bool faulty = fault_stream_.chance(conditions_.error_rate);
  const Duration lag = config_.replica_lag.sample(lag_stream_) + conditions_.lag;
  if (drawn || faulty) {
    reply.response.status = 500;
    return reply;
  }
  const Time at{std::max<std::int64_t>((calendar_.now() - lag).ns, 0)};
  world::ApiAnswer answer = ask(ticket, at, lost);
  reply.response.status = answer.status;
  reply.response.body = std::move(answer.body);
  reply.version = answer.version;
  return reply;
}

world::ApiAnswer Api::ask(Ticket ticket, Time at, std::vector<std::string>& lost) {
  const std::string& path = caller_.path_of(ticket);
  if (conditions_.lost_pages == 0 || !page_stream_.chance(conditions_.lost_pages)) {
    return world_.get(source_, path, at);
  }
  return world_.get_without_items(source_, path, at, lost);
}

void Api::on_end(sim::Station::Job job) {
  assert(job < replies_.size());
  caller_.on_reply(job, std::move(replies_[job]));
}

void Api::set_conditions(const ApiConditions& conditions) {
  const bool begins = conditions.outage && !conditions_.outage;
  const bool rethrottle = conditions.throttle.has_value() != conditions_.throttle.has_value() ||
                          (conditions.throttle &&
                           conditions.throttle->per_second() != conditions_.throttle->per_second());
  conditions_ = conditions;
  station_.set_slow_factor(conditions.slow_factor);
  if (rethrottle) {
    throttle_.reset();
    if (conditions.throttle) throttle_.emplace(*conditions.throttle, 1);
  }
  if (!begins) return;
  for (const sim::Station::Job job : station_.drop_all()) caller_.on_reply(job, failure());
}

}  // namespace rehearse::models
