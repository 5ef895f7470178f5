// Rollbacks of the version that serves, and their ends.
#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "lifecycle/release_flow.hpp"

namespace rehearse::lifecycle {

using rollout::Event;
using rollout::Revert;

void ReleaseFlow::errors_fired(Time now) {
  if (refused_ == production_) return;
  const RecordId alert = record(What::alert, production_, fault_ ? fault_->record : RecordId{},
                                "serving-errors: more errors than the rule allows", now);
  if (revert("serving-errors", false, alert, now) == Revert::done) {
    serve_before("serving-errors", alert, now, now);
  }
}

void ReleaseFlow::midnight(std::uint64_t requests, std::uint64_t clicks, Time now) {
  const bool fires = engagement_.midnight(now, requests, clicks);
  if (fires && !confirmation_ && refused_ != production_) engagement_dropped(now);
}

void ReleaseFlow::engagement_dropped(Time now) {
  const RecordId alert =
      record(What::alert, production_, {}, "engagement-drop: lower than before its promotion", now);
  if (revert("engagement-drop", false, alert, now) != Revert::asked) return;
  const std::string what = fmt::format("engagement/{}", now.ns / Duration::days(1).ns);
  const Asked asked = ask_person(production_, what, "is asked to confirm a rollback", alert, now);
  confirmation_ = Confirmation{production_, asked, now};
}

void ReleaseFlow::answer_confirmation(Time now) {
  const Confirmation one = *std::exchange(confirmation_, std::nullopt);
  assert(one.version == production_);  // another one in production ends the question
  const bool approves = one.asked.answer.approves;
  const RecordId person = answered(one.version, one.asked,
                                   approves ? "confirms the rollback" : "keeps the version", now);
  if (!approves) {
    line_.decide(name(one.version), Event::issue_resolved, now);
    return told_steps(one.version, person, now);
  }
  if (revert("engagement-drop", true, person, now) == Revert::done) {
    serve_before("engagement-drop", person, one.triggered, now);
  }
}

Revert ReleaseFlow::revert(const char* name_of, bool confirmed, RecordId cause, Time now) {
  const std::int64_t bad = production_;
  const Revert revert = line_.revert({name(bad), procedure(name_of), confirmed}, now);
  told_steps(bad, cause, now);
  if (revert == Revert::refused) {
    record(What::rollback, bad, cause,
           fmt::format("{}: refused, there is no version to return to", name_of), now);
    refused_ = bad;
    facts_.emplace_back(RollbackRefused{name_of, bad});
  }
  return revert;
}

void ReleaseFlow::serve_before(const char* procedure, RecordId cause, Time triggered, Time now) {
  const std::int64_t bad = production_;
  assert(released_.back() == bad && released_.size() >= 2);
  const std::int64_t before = released_[released_.size() - 2];
  assert(name(before) == line_.pointer());
  lineage_.add({{}, cause, now, model_, before, What::pointer, name(bad), name(before), procedure});
  add(production_rolled_back(model_, bad, before, cause));
  inquire(Occasion::rollback, "active-ab-tests", bad, cause);
  const RuleChange change = all_to(before, bad, "rollback", now);
  production_ = before;
  released_.pop_back();
  left_.erase(before);
  confirmation_.reset();
  errors_.restart();
  engagement_.reverted();
  leave(procedure, bad, triggered, change.last, cause);
  if (!under_way_) return;
  // Its baseline was the version that is taken back: there is nothing left to compare with.
  if (under_way_->phase != Phase::passed) decided(CanaryDecided::Outcome::ended, false, false, now);
  take_back(cause, now, change);
}

/// Of a version; now when it has not got any yet.
Time ReleaseFlow::first_traffic(std::int64_t version, Time now) const {
  return std::min(routes_.applied(first_traffic_.at(version)), now);
}

/// What a rollback answers may have begun with the version, or with a fault while it served.
Time ReleaseFlow::onset(std::int64_t version, const std::string& procedure, Time triggered) const {
  const Time first = first_traffic(version, triggered);
  const bool by_fault = fault_ && fault_->since <= triggered && procedure != "canary-failure";
  return by_fault ? std::max(first, fault_->since) : first;
}

void ReleaseFlow::leave(const char* name_of, std::int64_t version, Time triggered, Time recovered,
                        RecordId cause) {
  const Time now = lineage_.records().back().at;
  const RecordId id =
      record(What::rollback, version, cause, fmt::format("{} begins", name_of), now);
  leaving_.push_back({name_of, version, triggered, recovered, id});
  facts_.emplace_back(RollbackTriggered{name_of, version, onset(version, name_of, triggered),
                                        procedure(name_of).recovery_limit, triggered});
}

void ReleaseFlow::finish_leaving(Time now) {
  for (const Leaving& one : leaving_) {
    if (routes_.applied(one.recovered) > now) continue;
    line_.rollback_finished(name(one.version), now);
    record(What::rollback, one.version, one.cause, one.procedure + " has recovered", now);
    facts_.emplace_back(RollbackRecovered{one.procedure, one.version, one.triggered,
                                          procedure(one.procedure).recovery_limit});
  }
  std::erase_if(leaving_,
                [&](const Leaving& one) { return routes_.applied(one.recovered) <= now; });
  launch_next(now);
}

}  // namespace rehearse::lifecycle
