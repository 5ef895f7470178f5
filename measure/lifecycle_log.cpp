#include "measure/lifecycle_log.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace rehearse::measure {
namespace {

using Count = LifecycleCount;
using Lag = LifecycleLag;

Count plus(Count first, std::size_t more) {
  return static_cast<Count>(static_cast<std::size_t>(first) + more);
}

}  // namespace

bool is_bad(const lifecycle::CanaryDecided& decided, const lifecycle::BadFrom& bad) {
  return decided.engagement < (1 - bad.engagement) * decided.baseline_engagement ||
         decided.errors > bad.errors ||
         decided.latency_p99 > bad.latency * decided.baseline_latency_p99;
}

bool is_good(const lifecycle::CanaryDecided& decided) {
  constexpr double kEngagement = 0.99, kErrors = 1.05, kLatency = 1.05;
  return decided.engagement >= kEngagement * decided.baseline_engagement &&
         decided.errors <= kErrors * decided.baseline_errors &&
         decided.latency_p99 <= kLatency * decided.baseline_latency_p99;
}

LifecycleLog::LifecycleLog(LifecycleLogConfig config)
    : config_(std::move(config)),
      // Operations stop at the duration: what is unfinished then has lasted no longer.
      window_{config_.window.begin, config_.window.until, config_.window.until},
      checkpoints_(config_.window, config_.buckets),
      all_(window_),
      queue_(checkpoints_.times().size() - 1),
      wrong_(checkpoints_.times().size() - 1) {
  for (const MeasuredModel& model : config_.models) {
    models_.push_back(
        {LifecycleTally(window_), ServiceCurve(checkpoints_), DriftLedger(model.drifts), {}});
  }
  const Lags none(window_);
  for (const std::string_view name : kMeasuredProcedures) {
    procedures_.emplace(name, Procedure{0, none, none});
  }
}

// One fact of a model counts for it and for the run.

void LifecycleLog::count(std::size_t model, Count what) {
  all_.count(what);
  models_[model].tally.count(what);
}

void LifecycleLog::lag(std::size_t model, Lag what, Time begin, Time end) {
  all_.lags(what).add(begin, end);
  models_[model].tally.lags(what).add(begin, end);
}

void LifecycleLog::censored(std::size_t model, Lag what, Time begin) {
  all_.lags(what).add_censored(begin);
  models_[model].tally.lags(what).add_censored(begin);
}

void LifecycleLog::on(const lifecycle::Fact& fact, Time now) {
  assert(fact.model < models_.size());
  std::visit([&](const auto& what) { take(fact.model, what, now); }, fact.what);
}

void LifecycleLog::on(const lifecycle::Served& served, Time) {
  assert(served.model < models_.size());
  models_[served.model].served.add(served);
}

void LifecycleLog::on(const models::AskedQuestion& question, Time now) {
  if (question.occasion.empty() || !question.verdict.wrong()) return;
  const auto place =
      std::upper_bound(checkpoints_.times().begin(), checkpoints_.times().end(), now);
  const auto next = static_cast<std::size_t>(place - checkpoints_.times().begin());
  ++wrong_[std::min(next, wrong_.size()) - 1];
}

// Drifts and trainings.

void LifecycleLog::take(std::size_t model, const lifecycle::Responded& fact, Time now) {
  if (fact.held_back) return count(model, Count::held_back);
  count(model, Count::alerts);
  if (!models_[model].drifts.responded(now)) count(model, Count::false_alarms);
}

void LifecycleLog::take(std::size_t model, const lifecycle::TrainingAsked& fact, Time now) {
  using Fate = lifecycle::TrainingAsked::Fate;
  switch (fact.fate) {
    case Fate::queued:
      models_[model].open.asked = now;
      break;
    case Fate::ignored:
      count(model, Count::ignored_triggers);
      break;
    case Fate::capped:
      count(model, Count::capped_runs);
      break;
  }
}

void LifecycleLog::take(std::size_t model, const lifecycle::TrainingStarted& fact, Time now) {
  Open& open = models_[model].open;
  count(model, Count::runs);
  lag(model, Lag::training_wait, fact.asked, now);
  queued(fact.asked, now);
  open.asked.reset();
  open.running[fact.version] = now;
}

void LifecycleLog::take(std::size_t model, const lifecycle::TrainingEnded& fact, Time now) {
  Open& open = models_[model].open;
  occupied(fact.started, now);
  open.running.erase(fact.version);
  if (fact.succeeded) {
    open.trained[fact.version] = now;
  } else {
    count(model, Count::failed_runs);
  }
}

void LifecycleLog::take(std::size_t model, const lifecycle::GatesDecided& fact, Time now) {
  Open& open = models_[model].open;
  if (fact.rejected_by) {
    open.trained.erase(fact.version);
    count(model, Count::rejected_runs);
    return count(model, plus(Count::rejected_by_rows, static_cast<std::size_t>(*fact.rejected_by)));
  }
  if (config_.models[model].supersedes) {
    for (const auto& waiting : open.waiting) open.trained.erase(waiting.first);
    open.waiting.clear();
  }
  open.waiting[fact.version] = now;
}

void LifecycleLog::queued(Time from, Time until) {
  checkpoints_.cut(from, until, [this](std::size_t place, Time begin, Time end) {
    queue_[place] += (end - begin).ns;
  });
}

void LifecycleLog::occupied(Time from, Time until) {
  slot_time_ += (window_.clip(until) - window_.clip(from)).ns;
}

// Releases.

void LifecycleLog::take(std::size_t model, const lifecycle::CanaryLaunched& fact, Time now) {
  Open& open = models_[model].open;
  open.trained.erase(fact.version);
  open.waiting.erase(fact.version);
  lag(model, Lag::release_waiting, fact.registered, now);
  lag(model, Lag::time_to_canary, fact.trained, now);
}

void LifecycleLog::take(std::size_t model, const lifecycle::CanaryDecided& fact, Time now) {
  using Outcome = lifecycle::CanaryDecided::Outcome;
  // One that its shadow stopped never comes to its canary.
  models_[model].open.trained.erase(fact.version);
  models_[model].open.waiting.erase(fact.version);
  if (fact.outcome == Outcome::ended) return;
  const bool passed = fact.outcome == Outcome::passed, failed = fact.outcome == Outcome::failed;
  if (passed && is_bad(fact, config_.bad)) count(model, Count::false_passes);
  if (fact.by_person) return;  // the verdict was told before
  if (failed && is_good(fact)) count(model, Count::false_fails);
  count(model, passed   ? Count::canaries_passed
               : failed ? Count::canaries_failed
                        : Count::canaries_marginal);
  if (fact.no_data) count(model, Count::canaries_without_data);
  lag(model, Lag::canary_duration, fact.launched, now);
}

void LifecycleLog::take(std::size_t model, const lifecycle::Promoted& fact, Time now) {
  constexpr double kWorthIt = 1.01;
  count(model, Count::promoted);
  if (fact.engagement < kWorthIt * fact.engagement_before) count(model, Count::wasted_runs);
  models_[model].drifts.promoted(fact.median_row, now);
}

void LifecycleLog::take(std::size_t model, const lifecycle::RollbackTriggered& fact, Time) {
  count(model, Count::rollbacks);
  rollbacks_[{model, fact.procedure, fact.version}] = {fact.triggered, fact.limit};
  const auto procedure = procedures_.find(fact.procedure);
  if (procedure != procedures_.end()) ++procedure->second.count;
  if (fact.triggered < fact.onset) return;  // taken back before it had any traffic
  lag(model, Lag::rollback_detection, fact.onset, fact.triggered);
  if (procedure != procedures_.end()) {
    procedure->second.detection.add(fact.onset, fact.triggered);
  }
}

void LifecycleLog::take(std::size_t model, const lifecycle::RollbackRecovered& fact, Time now) {
  rollbacks_.erase({model, fact.procedure, fact.version});
  lag(model, Lag::recovery, fact.triggered, now);
  const auto procedure = procedures_.find(fact.procedure);
  if (procedure != procedures_.end()) procedure->second.recovery.add(fact.triggered, now);
  if (fact.limit && now - fact.triggered > *fact.limit) count(model, Count::late_rollbacks);
}

void LifecycleLog::take(std::size_t model, const lifecycle::RollbackRefused&, Time) {
  count(model, Count::refused_rollbacks);
}

void LifecycleLog::take(std::size_t model, const lifecycle::PersonAsked& fact, Time now) {
  count(model, Count::persons_asked);
  if (fact.escalated) count(model, Count::persons_escalated);
  if (fact.answers > window_.end) return censored(model, Lag::person_wait, now);
  lag(model, Lag::person_wait, now, fact.answers);
}

void LifecycleLog::take(std::size_t model, const lifecycle::SignalFate& fact, Time) {
  count(model, plus(Count::signals_sent, static_cast<std::size_t>(fact.fate)));
}

void LifecycleLog::take(std::size_t model, const lifecycle::Violated&, Time) {
  count(model, Count::violations);
}

}  // namespace rehearse::measure
