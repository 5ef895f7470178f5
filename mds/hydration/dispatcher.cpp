#include "mds/hydration/dispatcher.hpp"

#include <algorithm>
#include <cassert>

namespace rehearse::mds {
namespace {

std::size_t index(WorkClass work) { return static_cast<std::size_t>(work); }

}  // namespace

Dispatcher::Dispatcher(const ServiceConfig& config, const Catalogue& catalogue)
    : jobs(catalogue.contracts().size()),
      concurrency_(config.hydration.concurrency),
      on_idle_(config.reconciliation.order == ReconciliationConfig::Order::on_idle),
      total_(config.hydration.total.rate, config.hydration.total.burst),
      lanes_(config.providers.size()) {
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    const Budget budget = config.hydration.budget_of(config.providers[i].name);
    lanes_[i].bucket = TokenBucket(budget.rate, budget.burst);
    lanes_[i].breaker = CircuitBreaker(config.hydration.breaker);
  }
}

void Dispatcher::queue(JobIndex index_of_job, SourceIndex source) {
  Job& job = jobs[index_of_job];
  Fifo& fifo = lanes_[source.value].queues[index(job.work)];
  assert(job.previous == kNoJob && job.next == kNoJob && fifo.head != index_of_job);
  job.phase = Job::Phase::queued;
  job.place = ++places_;
  job.previous = fifo.tail;
  job.next = kNoJob;
  if (fifo.tail == kNoJob) {
    fifo.head = index_of_job;
  } else {
    jobs[fifo.tail].next = index_of_job;
  }
  fifo.tail = index_of_job;
  ++waiting_;
}

void Dispatcher::unlink(Lane& lane, JobIndex index_of_job) {
  Job& job = jobs[index_of_job];
  Fifo& fifo = lane.queues[index(job.work)];
  assert(job.phase == Job::Phase::queued && waiting_ > 0);
  (job.previous == kNoJob ? fifo.head : jobs[job.previous].next) = job.next;
  (job.next == kNoJob ? fifo.tail : jobs[job.next].previous) = job.previous;
  job.previous = job.next = kNoJob;
  --waiting_;
}

void Dispatcher::withdraw(JobIndex index_of_job, SourceIndex source) {
  const Job& job = jobs[index_of_job];
  if (job.phase == Job::Phase::queued) {
    unlink(lanes_[source.value], index_of_job);
  } else {
    assert(job.phase == Job::Phase::backing_off);
    backing_off_.erase({job.due, index_of_job});
    --waiting_;
  }
}

void Dispatcher::back_off(JobIndex job, Time due) {
  assert(jobs[job].phase == Job::Phase::calling);
  jobs[job].phase = Job::Phase::backing_off;
  jobs[job].due = due;
  backing_off_.emplace(due, job);
  ++waiting_;
}

std::optional<JobIndex> Dispatcher::take_due(Time now) {
  if (backing_off_.empty() || backing_off_.begin()->first > now) return std::nullopt;
  const JobIndex job = backing_off_.begin()->second;
  backing_off_.erase(backing_off_.begin());
  assert(jobs[job].phase == Job::Phase::backing_off && waiting_ > 0);
  --waiting_;
  return job;
}

std::optional<WorkClass> Dispatcher::choose(const Lane& lane) const {
  std::optional<WorkClass> first;
  for (std::size_t c = 0; c < kWorkClasses; ++c) {
    if (lane.queues[c].head == kNoJob) continue;
    const auto work = static_cast<WorkClass>(c);
    if (!first) {
      first = work;
    } else if (lane.overtaken[c] >= kFairShare) {
      return work;
    }
  }
  return first;
}

Time Dispatcher::earliest(const Lane& lane, WorkClass work) const {
  if (lane.calling >= concurrency_) return Time::never();
  const bool leftover = on_idle_ && work == WorkClass::reconciliation;
  const Time own = leftover ? lane.bucket.full() : lane.bucket.earliest();
  const Time shared = leftover ? total_.full() : total_.earliest();
  return std::max({own, shared, lane.held_until, lane.breaker.earliest()});
}

void Dispatcher::count_overtaking(Lane& lane, WorkClass started) {
  lane.overtaken[index(started)] = 0;
  for (std::size_t c = index(started) + 1; c < kWorkClasses; ++c) {
    const bool claims = !(on_idle_ && static_cast<WorkClass>(c) == WorkClass::reconciliation);
    if (claims && lane.queues[c].head != kNoJob) ++lane.overtaken[c];
  }
}

std::optional<JobIndex> Dispatcher::start(Time now) {
  JobIndex best = kNoJob;
  Lane* from = nullptr;
  for (Lane& lane : lanes_) {
    const auto work = choose(lane);
    if (!work || earliest(lane, *work) > now) continue;
    const JobIndex head = lane.queues[index(*work)].head;
    if (best == kNoJob || std::pair(jobs[head].work, jobs[head].place) <
                              std::pair(jobs[best].work, jobs[best].place)) {
      best = head;
      from = &lane;
    }
  }
  if (from == nullptr) return std::nullopt;
  Job& job = jobs[best];
  unlink(*from, best);
  count_overtaking(*from, job.work);
  assert(from->calling < concurrency_);
  from->bucket.take(now);
  total_.take(now);
  ++from->calling;
  job.trial = from->breaker.start(now);
  job.phase = Job::Phase::calling;
  return best;
}

CircuitBreaker::Switch Dispatcher::finish(const Job& job, SourceIndex source, bool healthy,
                                          Time now) {
  Lane& lane = lanes_[source.value];
  assert(lane.calling > 0 && job.phase == Job::Phase::calling);
  --lane.calling;
  return lane.breaker.finish(healthy, job.trial, now);
}

void Dispatcher::hold(SourceIndex source, Time until) {
  Lane& lane = lanes_[source.value];
  lane.held_until = std::max(lane.held_until, until);
}

Time Dispatcher::next() const {
  Time when = backing_off_.empty() ? Time::never() : backing_off_.begin()->first;
  for (const Lane& lane : lanes_) {
    if (const auto work = choose(lane)) when = std::min(when, earliest(lane, *work));
  }
  return when;
}

bool Dispatcher::lane_empty(SourceIndex source) const {
  const Lane& lane = lanes_[source.value];
  return std::all_of(lane.queues.begin(), lane.queues.end(),
                     [](const Fifo& fifo) { return fifo.head == kNoJob; });
}

JobIndex Dispatcher::least_urgent() const {
  for (std::size_t c = kWorkClasses - 1; c > 0; --c) {
    JobIndex last = kNoJob;
    for (const Lane& lane : lanes_) {
      const JobIndex tail = lane.queues[c].tail;
      if (tail != kNoJob && (last == kNoJob || jobs[tail].place > jobs[last].place)) last = tail;
    }
    if (last != kNoJob) return last;
  }
  return kNoJob;
}

}  // namespace rehearse::mds
