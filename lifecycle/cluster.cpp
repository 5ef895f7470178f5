#include "lifecycle/cluster.hpp"

#include <algorithm>
#include <cassert>

namespace rehearse::lifecycle {

Cluster::Cluster(int slots) : slots_(slots) { assert(slots > 0); }

void Cluster::submit(std::uint64_t job, const JobSettings& settings, stats::Stream stream,
                     Time now) {
  assert(settings.attempts >= 1 && settings.failure >= 0 && settings.failure <= 1);
  assert(now >= now_ && (queue_.empty() || queue_.back().submitted <= now));
  queue_.push_back({job, settings, stream, now});
}

Time Cluster::next_start() const {
  const bool waits = held_ || queue_.empty() || running() == slots_;
  return waits ? Time::never() : std::max(now_, queue_.front().submitted);
}

Time Cluster::next_end() const {
  return running_.empty() ? Time::never() : running_.begin()->first.first;
}

std::optional<Time> Cluster::next_wakeup() const {
  const Time next = std::min(next_start(), next_end());
  if (next == Time::never()) return std::nullopt;
  return next;
}

void Cluster::hold(bool held, Time now) {
  assert(now >= now_ && next_end() >= now);
  pass_to(now);
  held_ = held;
}

void Cluster::pass_to(Time now) {
  slot_time_ += Int128{(now - now_).ns} * running();
  now_ = now;
}

void Cluster::begin_try(Job job, Time now) {
  ++job.attempt;
  // Drawn in any case: a chance of failure leaves durations as they were.
  job.fails = job.stream.uniform() < job.settings.failure;
  const Time end = now + job.settings.duration.sample(job.stream);
  running_.emplace(When{end, tries_++}, std::move(job));
  assert(running() <= slots_);
}

void Cluster::end_try(std::vector<JobStep>& steps) {
  auto node = running_.extract(running_.begin());
  const Time at = node.key().first;
  Job& job = node.mapped();
  const bool again = job.fails && job.attempt < job.settings.attempts;
  steps.push_back({job.number, at, again ? JobStep::What::failed : JobStep::What::ended,
                   job.attempt, !job.fails});
  if (again) begin_try(std::move(job), at);
}

void Cluster::start(std::vector<JobStep>& steps) {
  Job job = std::move(queue_.front());
  queue_.pop_front();
  steps.push_back({job.number, now_, JobStep::What::started, 1, false});
  begin_try(std::move(job), now_);
}

std::vector<JobStep> Cluster::advance(Time now) {
  assert(now >= now_);
  std::vector<JobStep> steps;
  for (auto next = next_wakeup(); next && *next <= now; next = next_wakeup()) {
    const bool starts = next_start() < next_end();
    pass_to(*next);
    if (starts) {
      start(steps);
    } else {
      end_try(steps);
    }
  }
  pass_to(now);
  return steps;
}

}  // namespace rehearse::lifecycle
