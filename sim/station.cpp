#include "sim/station.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "sim/distribution.hpp"

namespace rehearse::sim {

Station::Station(Calendar& calendar, int servers, Owner& owner)
    : calendar_(calendar), owner_(owner), accounted_(calendar.now()) {
  assert(servers > 0);
  serving_.resize(static_cast<std::size_t>(servers));
  for (int server = servers - 1; server >= 0; --server) {
    free_.push_back(static_cast<std::uint32_t>(server));
  }
}

void Station::submit(Job job) {
  // Nobody overtakes: a free server can stand beside a queue while paused, or while an owner
  // submits from within a call of dispatch.
  if (pauses_ == 0 && queue_.empty() && !free_.empty()) {
    start(job, Duration{});
    return;
  }
  ++totals_.waited;
  queue_.push_back({job, calendar_.now()});
  totals_.longest_queue = std::max(totals_.longest_queue, queue_.size());
}

void Station::pause() { ++pauses_; }

void Station::resume() {
  assert(pauses_ > 0);
  --pauses_;
  dispatch();
}

void Station::set_slow_factor(double factor) {
  assert(factor >= 0);
  slow_factor_ = factor;
}

Duration Station::scaled(Duration service) const {
  if (slow_factor_ == 1) return service;
  const double ns = static_cast<double>(service.ns) * slow_factor_;
  if (!(ns < static_cast<double>(Distribution::kLongest.ns))) return Distribution::kLongest;
  return {std::llround(ns)};
}

std::vector<Station::Job> Station::drop_all() {
  account();
  std::vector<Job> jobs;
  for (std::uint32_t server = 0; server < serving_.size(); ++server) {
    Serving& serving = serving_[server];
    if (!serving.busy) continue;
    calendar_.cancel(serving.end);
    serving.busy = false;
    free_.push_back(server);
    jobs.push_back(serving.job);
  }
  busy_ = 0;
  for (const Waiting& waiting : queue_) jobs.push_back(waiting.job);
  queue_.clear();
  totals_.dropped += jobs.size();
  return jobs;
}

StationTotals Station::totals() const {
  StationTotals totals = totals_;
  totals.busy += static_cast<Int128>((calendar_.now() - accounted_).ns) * busy_;
  return totals;
}

void Station::dispatch() {
  while (pauses_ == 0 && !queue_.empty() && !free_.empty()) {
    const Waiting next = queue_.front();
    queue_.pop_front();
    start(next.job, calendar_.now() - next.since);
  }
}

void Station::start(Job job, Duration waited) {
  assert(!free_.empty() && waited >= Duration{});
  account();
  const std::uint32_t server = free_.back();
  free_.pop_back();
  ++busy_;
  assert(!serving_[server].busy && busy_ + free_.size() == serving_.size());
  serving_[server].busy = true;
  serving_[server].job = job;
  ++totals_.started;
  totals_.wait += waited.ns;
  totals_.longest_wait = std::max(totals_.longest_wait, waited);
  const Duration service = scaled(owner_.on_start(job, waited));
  serving_[server].end = calendar_.after(service, [this, server] { finish(server); });
}

void Station::finish(std::uint32_t server) {
  assert(serving_[server].busy && busy_ > 0);
  account();
  --busy_;
  ++totals_.finished;
  serving_[server].busy = false;
  free_.push_back(server);
  owner_.on_end(serving_[server].job);
  dispatch();
}

void Station::account() {
  const Time now = calendar_.now();
  assert(now >= accounted_);
  totals_.busy += static_cast<Int128>((now - accounted_).ns) * busy_;
  accounted_ = now;
}

}  // namespace rehearse::sim
