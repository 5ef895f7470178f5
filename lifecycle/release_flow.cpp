#include "lifecycle/release_flow.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

namespace rehearse::lifecycle {

using rollout::Event;

ReleaseFlow::ReleaseFlow(ModelEntities entities, const Version& first, ReleaseSettings settings,
                         std::uint64_t seed, std::uint64_t replication, Lineage& lineage)
    : entities_(std::move(entities)),
      model_(entities_.model),
      settings_(std::move(settings)),
      seed_(seed),
      replication_(replication),
      lineage_(lineage),
      procedures_(rollout::shipped_procedures()),
      line_(name(first.number)),
      routes_(settings_.routing, first.number),
      production_(first.number),
      released_{first.number},
      errors_(settings_.errors),
      engagement_(settings_.engagement) {
  assert(settings_.canary.share > 0 && settings_.canary.share < 0.5);
  versions_.emplace(first.number, first);
  submitted_[first.number] = record(What::start, first.number, {}, "trained before the start", {});
  first_traffic_[first.number] = promoted_at_[first.number] = Time{};
  add(begun(entities_, submitted_[first.number]));
}

stats::Stream ReleaseFlow::stream(std::int64_t version, const char* what) const {
  return {seed_, replication_, fmt::format("lifecycle/{}/release/{}/{}", model_, version, what)};
}

const rollout::Procedure& ReleaseFlow::procedure(const std::string& name) const {
  const auto found = std::find_if(procedures_.begin(), procedures_.end(),
                                  [&](const auto& one) { return one.name == name; });
  assert(found != procedures_.end());
  return *found;
}

RecordId ReleaseFlow::record(What what, std::int64_t version, RecordId cause, std::string detail,
                             Time now) {
  return lineage_.add({{}, cause, now, model_, version, what, "", "", std::move(detail)});
}

void ReleaseFlow::told_steps(std::int64_t version, RecordId cause, Time now) {
  const std::vector<rollout::Step>& history = line_.token(name(version)).history();
  for (std::size_t& told = told_[version]; told < history.size(); ++told) {
    const rollout::Step& step = history[told];
    lineage_.add({{},
                  cause,
                  now,
                  model_,
                  version,
                  What::step,
                  to_string(step.from),
                  to_string(step.to),
                  to_string(step.event)});
  }
}

void ReleaseFlow::step(std::int64_t version, Event event, RecordId cause, Time now) {
  line_.request(name(version), event, now);
  told_steps(version, cause, now);
}

void ReleaseFlow::add(Deeds deeds) {
  deeds_.insert(deeds_.end(), std::make_move_iterator(deeds.begin()),
                std::make_move_iterator(deeds.end()));
}

void ReleaseFlow::inquire(Occasion occasion, const char* what, std::int64_t version,
                          RecordId cause) {
  const std::string id = instance_id(model_, version);
  inquiries_.push_back({0, occasion, what, "ModelInstance", id, model_, version, cause});
}

ReleaseFlow::Asked ReleaseFlow::ask_person(std::int64_t version, const std::string& about,
                                           const char* what, RecordId cause, Time now) {
  inquire(Occasion::person, "owners", version, cause);
  const PersonAnswer answer =
      ask(settings_.person, stream(version, ("person/" + about).c_str()), now);
  facts_.emplace_back(PersonAsked{version, answer.at, answer.escalated});
  return {answer, record(What::person, version, cause, what, now)};
}

RecordId ReleaseFlow::answered(std::int64_t version, const Asked& asked, const char* what,
                               Time now) {
  const char* when = asked.answer.escalated ? ", after the escalation" : "";
  return record(What::person, version, asked.page, fmt::format("{}{}", what, when), now);
}

std::optional<Time> ReleaseFlow::promoted_at(std::int64_t version) const {
  const auto found = promoted_at_.find(version);
  return found == promoted_at_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::int64_t> ReleaseFlow::under_way() const {
  return under_way_ ? std::optional(under_way_->version) : std::nullopt;
}

// The token of a version in training.

void ReleaseFlow::training_started(std::int64_t version, bool after_drift, RecordId run, Time now) {
  if (!after_drift) return line_.add(name(version), rollout::Proof::canary);
  line_.fork(name(version), rollout::Proof::canary);
  for (const Event event :
       {Event::health_checks, Event::metric_degradation, Event::pipeline_triggered}) {
    step(version, event, run, now);
  }
}

void ReleaseFlow::training_ended(std::int64_t version, RecordId run, Time now) {
  const bool forked = line_.token(name(version)).untrained();
  step(version, forked ? Event::new_version_trained : Event::training_complete, run, now);
  trained_[version] = now;
}

void ReleaseFlow::gates_failed(std::int64_t version, RecordId gate, Time now) {
  step(version, Event::metrics_fail, gate, now);
  add(lifecycle::gates_failed(model_, version, gate));
}

// A candidate on its way.

void ReleaseFlow::submit(const Version& version, RecordId gate, Time now) {
  step(version.number, Event::metrics_pass_gates, gate, now);
  add(gates_passed(entities_, version.number, gate));
  versions_.emplace(version.number, version);
  submitted_[version.number] = record(What::version, version.number, gate, "registered", now);
  registered_[version.number] = now;
  if (settings_.waiting == Waiting::supersede) {
    for (const std::int64_t one : waiting_) {
      record(What::version, one, submitted_[version.number],
             "superseded by " + name(version.number), now);
    }
    waiting_.clear();
  }
  waiting_.push_back(version.number);
  if (restarts()) forget_for(version.number, now);
  launch_next(now);
}

void ReleaseFlow::launch_next(Time now) {
  if (under_way_ || !leaving_.empty() || waiting_.empty()) return;
  const std::int64_t next = waiting_.front();
  waiting_.erase(waiting_.begin());
  launch(next, now);
}

void ReleaseFlow::launch(std::int64_t version, Time now) {
  under_way_ = UnderWay{version, production_, submitted_.at(version)};
  step(version, Event::canary_launched, under_way_->cause, now);
  if (settings_.shadow) return launch_shadow(now);
  launch_canary(true, now);
}

/// Unsafe: what is under way ends without its end, so that a new version need not wait.
void ReleaseFlow::forget_for(std::int64_t version, Time now) {
  const RecordId cause = submitted_.at(version);
  const auto forget = [&](std::int64_t old, const char* what) {
    const std::string text =
        fmt::format("{} of {} is forgotten for {}", what, name(old), name(version));
    record(What::version, old, cause, text, now);
    violated("I2", text);
  };
  if (under_way_) {
    const bool met_none = under_way_->phase <= Phase::to_traffic;
    if (met_none) step(under_way_->version, Event::collecting_metrics, cause, now);
    forget(under_way_->version, "the analysis");
  }
  for (const Leaving& one : leaving_) forget(one.version, "the rollback");
  if (confirmation_) forget(confirmation_->version, "the rollback");
  under_way_.reset();
  leaving_.clear();
  confirmation_.reset();
}

void ReleaseFlow::violated(const char* invariant, std::string what) {
  facts_.emplace_back(Violated{invariant, std::move(what)});
}

// What serves.

RuleChange ReleaseFlow::all_to(std::int64_t version, std::int64_t because_of, const char* what,
                               Time now) {
  const bool load = !loaded(version, now);
  return routes_.change({{Role::production, version, 1}}, load, stream(because_of, what), now);
}

/// Whether every shard has a released version: it serves, is kept warm, or drains.
bool ReleaseFlow::loaded(std::int64_t version, Time now) const {
  if (version == production_) return true;
  const auto place = std::find(released_.rbegin(), released_.rend(), version);
  if (place - released_.rbegin() <= settings_.keep_warm) return true;
  const Time left = routes_.applied(left_.at(version));
  return left > now || now - left < settings_.routing.drain;
}

void ReleaseFlow::conditions(bool rules_held, const std::optional<OngoingFault>& fault, Time now) {
  routes_.hold(rules_held, now);
  fault_ = fault;
}

void ReleaseFlow::minute(const MinuteOfArms& counts, Time now) {
  const bool judged = under_way_ && under_way_->phase == Phase::canary && !under_way_->score;
  if (judged && under_way_->canary->routed() <= now - Duration::minutes(1)) {
    under_way_->canary->minute(counts.baseline, counts.canary);
  }
  if (!counts.production) return;
  if (last_minute_ != now - Duration::minutes(1)) errors_.restart();
  last_minute_ = now;
  const learning::ArmCounts& production = counts.production->counts;
  if (errors_.minute(production.requests, production.errors)) errors_fired(now);
}

std::optional<Time> ReleaseFlow::next_wakeup() const {
  Time next = Time::never();
  for (const Leaving& one : leaving_) next = std::min(next, routes_.applied(one.recovered));
  if (confirmation_) next = std::min(next, confirmation_->asked.answer.at);
  for (const Retirement& one : retirements_) next = std::min(next, one.at);
  if (under_way_) next = std::min(next, next_of_under_way().value_or(Time::never()));
  return next == Time::never() ? std::nullopt : std::optional(next);
}

void ReleaseFlow::advance(Time now) {
  for (auto next = next_wakeup(); next && *next <= now; next = next_wakeup()) {
    const Time at = *next;
    retire(at);
    finish_leaving(at);
    if (confirmation_ && confirmation_->asked.answer.at <= at) answer_confirmation(at);
    if (under_way_ && next_of_under_way() == at) advance_under_way(at);
  }
}

}  // namespace rehearse::lifecycle
