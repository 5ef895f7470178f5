// A candidate under way: its canary, the person who is asked, its promotion or its end.
#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "lifecycle/release_flow.hpp"

namespace rehearse::lifecycle {

using rollout::Event;
using Outcome = CanaryDecided::Outcome;

void ReleaseFlow::launch_shadow(Time now) {
  UnderWay& one = *under_way_;
  add(shadow_launched(model_, one.version, one.cause));
  one.phase = Phase::to_shadow;
  one.rule = routes_.change({{Role::production, production_, 1}}, true,
                            stream(one.version, "shadow"), now);
  first_traffic_[one.version] = one.rule.last;
}

void ReleaseFlow::launch_canary(bool load, Time now) {
  UnderWay& one = *under_way_;
  add(canary_launched(model_, one.version, one.cause));
  const double share = settings_.canary.share;
  one.phase = Phase::to_traffic;
  one.rule = routes_.change({{Role::production, production_, 1 - 2 * share},
                             {Role::baseline, production_, share},
                             {Role::canary, one.version, share}},
                            load, stream(one.version, "launch"), now);
  first_traffic_[one.version] = one.rule.first;
  facts_.emplace_back(
      CanaryLaunched{one.version, trained_.at(one.version), registered_.at(one.version)});
}

std::optional<Time> ReleaseFlow::next_of_under_way() const {
  const UnderWay& one = *under_way_;
  switch (one.phase) {
    case Phase::to_shadow:
    case Phase::routing:
      return routes_.applied(one.rule.last);
    case Phase::shadow:
      return one.shadow_end;
    case Phase::to_traffic:
      return routes_.applied(one.rule.first);
    case Phase::canary:
      return one.person ? one.person->answer.at : one.canary->next_look();
    case Phase::passed:
      return std::nullopt;
  }
  assert(false);
  return std::nullopt;
}

void ReleaseFlow::advance_under_way(Time now) {
  UnderWay& one = *under_way_;
  assert(one.phase != Phase::shadow);  // shadowed() has come before
  switch (one.phase) {
    case Phase::to_shadow:
      one.phase = Phase::shadow;
      one.shadow_end = now + settings_.shadow->lasts;
      break;
    case Phase::to_traffic:
      one.phase = Phase::routing;
      step(one.version, Event::collecting_metrics, one.cause, now);
      break;
    case Phase::routing:
      one.phase = Phase::canary;
      one.canary.emplace(settings_.canary, now);
      break;
    case Phase::canary:
      if (one.person) {
        person_answers(now);
      } else {
        look(now);
      }
      break;
    case Phase::shadow:
    case Phase::passed:
      break;
  }
}

std::optional<ReleaseFlow::Copies> ReleaseFlow::copies() const {
  if (!under_way_ || under_way_->phase != Phase::shadow) return std::nullopt;
  return Copies{under_way_->version, settings_.shadow->share};
}

bool ReleaseFlow::shadow_is_due(Time now) const {
  return under_way_ && under_way_->phase == Phase::shadow && under_way_->shadow_end <= now;
}

void ReleaseFlow::shadowed(const ShadowReport& report, Time now) {
  assert(shadow_is_due(now));
  UnderWay& one = *under_way_;
  const auto why = fails(*settings_.shadow, report);
  one.cause = record(What::verdict, one.version, one.cause,
                     fmt::format("{} its shadow, {} requests{}{}", why ? "fails" : "passes",
                                 report.copies.counts.requests, why ? ": " : "", why.value_or("")),
                     now);
  if (!why) return launch_canary(false, now);
  decided(Outcome::failed, false, report.copies.counts.requests == 0, now);
  take_back(one.cause, now);
}

void ReleaseFlow::person_answers(Time now) {
  UnderWay& one = *under_way_;
  const Asked asked = *std::exchange(one.person, std::nullopt);
  const bool approves = asked.answer.approves;
  const RecordId person = answered(
      one.version, asked, approves ? "approves the candidate" : "takes the candidate back", now);
  decided(approves ? Outcome::passed : Outcome::failed, true, false, now);
  if (approves) return passed(true, person, now);
  take_back(person, now);
}

void ReleaseFlow::look(Time now) {
  UnderWay& one = *under_way_;
  const Look look = one.canary->look(now);
  if (look.outcome == Look::Outcome::goes_on) return;
  one.score = look.score;
  const bool failed = look.outcome == Look::Outcome::failed;
  const bool marginal = look.outcome == Look::Outcome::marginal;
  decided(failed     ? Outcome::failed
          : marginal ? Outcome::marginal
                     : Outcome::passed,
          false, look.no_data, now);
  const char* outcome = failed ? "fail" : marginal ? "marginal" : "pass";
  one.cause = record(What::verdict, one.version, one.cause,
                     fmt::format("{}, score {:g}{}{}", outcome, look.score,
                                 look.why.empty() ? "" : ": ", look.why),
                     now);
  inquire(Occasion::canary, "active-ab-tests", production_, one.cause);
  if (look.no_data && look.outcome == Look::Outcome::passed) {
    violated("I3", name(one.version) + " passes its canary without data");
  }
  if (failed) return take_back(one.cause, now);
  if (!marginal) return passed(false, one.cause, now);
  line_.ask_person(name(one.version), Event::canary_passes, now);
  one.person = ask_person(one.version, "canary", "is asked about the candidate", one.cause, now);
}

/// What the candidate and its baseline really earn is for those who look on.
void ReleaseFlow::decided(Outcome outcome, bool by_person, bool no_data, Time now) {
  const std::int64_t version = under_way_->version;
  CanaryDecided fact;
  fact.version = version;
  fact.outcome = outcome;
  fact.by_person = by_person;
  fact.no_data = no_data;
  fact.launched = first_traffic(version, now);
  const Artefact& artefact = versions_.at(version).artefact;
  const Artefact& baseline = versions_.at(under_way_->baseline).artefact;
  fact.errors = artefact.errors;
  fact.baseline_errors = baseline.errors;
  fact.latency_p99 = latency_p99(artefact);
  fact.baseline_latency_p99 = latency_p99(baseline);
  facts_.emplace_back(fact);
}

void ReleaseFlow::passed(bool by_person, RecordId cause, Time now) {
  UnderWay& one = *under_way_;
  one.phase = Phase::passed;
  const CanaryPassed metadata{one.version, *one.score, settings_.canary.share,
                              now - one.canary->routed(), by_person};
  const RecordId id = record(What::signal, one.version, cause, "canary_passed", now);
  signals_.push_back({id, model_, now, metadata});
}

bool ReleaseFlow::promote(const CanaryPassed& passed, RecordId signal, Time now) {
  const bool awaited =
      under_way_ && under_way_->version == passed.version && under_way_->phase == Phase::passed;
  if (!awaited) return false;
  const std::int64_t version = passed.version, old = production_;
  if (!line_.promote(name(version), rollout::CanaryPass{passed.by_person}, now)) return false;
  told_steps(version, signal, now);
  lineage_.add({{}, signal, now, model_, version, What::pointer, name(old), name(version), ""});
  add(promoted(model_, version, signal));
  retirements_.push_back({now, old, signal});
  if (settings_.promotion == Promotion::two_step) {
    retirements_.back().at = now + settings_.gap;
    violated("I1",
             fmt::format("the registry shows {} and {} in production", name(old), name(version)));
  }
  production_ = version;
  released_.push_back(version);
  promoted_at_[version] = now;
  retire(now);
  left_[old] = all_to(version, version, "promotion", now).last;
  errors_.restart();
  engagement_.promoted(now);
  confirmation_.reset();
  under_way_.reset();
  facts_.emplace_back(Promoted{version, old, versions_.at(version).median});
  launch_next(now);
  return true;
}

/// In two steps the second one is blind: it retires a version that has come back meanwhile.
void ReleaseFlow::retire(Time now) {
  for (const Retirement& one : retirements_) {
    if (one.at > now) continue;
    add(retired(model_, one.version, one.cause));
    if (one.version != production_) continue;
    violated("I1", fmt::format("the registry retires {}, which serves", name(one.version)));
  }
  std::erase_if(retirements_, [now](const Retirement& one) { return one.at <= now; });
}

void ReleaseFlow::take_back(RecordId cause, Time now, const std::optional<RuleChange>& with) {
  const std::int64_t version = under_way_->version;
  // A candidate that no router has yet is taken back as one under analysis is.
  const bool met_none = under_way_->phase <= Phase::to_traffic;
  if (met_none) step(version, Event::collecting_metrics, cause, now);
  under_way_.reset();
  line_.roll_back(name(version), procedure("canary-failure"), now);
  told_steps(version, cause, now);
  add(candidate_rolled_back(model_, version, cause));
  const Time last = with ? with->last : all_to(production_, version, "end", now).last;
  leave("canary-failure", version, now, last, cause);
}

}  // namespace rehearse::lifecycle
