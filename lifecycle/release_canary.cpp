// A candidate under way: its canary, the person who is asked, its promotion or its end.
#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "lifecycle/release_flow.hpp"

namespace rehearse::lifecycle {

using rollout::Event;
using Outcome = CanaryDecided::Outcome;

std::optional<Time> ReleaseFlow::next_of_under_way() const {
  const UnderWay& one = *under_way_;
  if (!one.analysed) return routes_.applied(one.launch.first);
  if (!one.canary) return routes_.applied(one.launch.last);
  if (one.person) return one.person->at;
  if (one.score) return std::nullopt;  // waits for its signal
  return one.canary->next_look();
}

void ReleaseFlow::advance_under_way(Time now) {
  UnderWay& one = *under_way_;
  if (!one.analysed) {
    one.analysed = true;
    step(one.version, Event::collecting_metrics, one.cause, now);
  } else if (!one.canary) {
    one.canary.emplace(settings_.canary, now);
  } else if (one.person) {
    const PersonAnswer answer = *std::exchange(one.person, std::nullopt);
    const char* said = answer.approves ? "approves the candidate" : "takes the candidate back";
    const RecordId person = record(What::person, one.version, one.cause, said, now);
    decided(answer.approves ? Outcome::passed : Outcome::failed, true, false, now);
    if (answer.approves) return passed(true, person, now);
    take_back(person, now);
  } else {
    look(now);
  }
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
  if (failed) return take_back(one.cause, now);
  if (!marginal) return passed(false, one.cause, now);
  line_.ask_person(name(one.version), Event::canary_passes, now);
  one.person = ask_person(one.version, "canary", one.cause, now);
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
  one.passed = true;
  const CanaryPassed metadata{one.version, *one.score, settings_.canary.share,
                              now - one.canary->routed(), by_person};
  const RecordId id = record(What::signal, one.version, cause, "canary_passed", now);
  signals_.push_back({id, model_, now, metadata});
}

bool ReleaseFlow::promote(const CanaryPassed& passed, RecordId signal, Time now) {
  if (!under_way_ || under_way_->version != passed.version || !under_way_->passed) return false;
  const std::int64_t version = passed.version, old = production_;
  if (!line_.promote(name(version), rollout::CanaryPass{passed.by_person}, now)) return false;
  told_steps(version, signal, now);
  lineage_.add({{}, signal, now, model_, version, What::pointer, name(old), name(version), ""});
  add(promoted(model_, version, signal));
  add(retired(model_, old, signal));
  production_ = version;
  released_.push_back(version);
  promoted_at_[version] = now;
  all_to(version, version, "promotion", now);
  errors_.restart();
  engagement_.promoted(now);
  confirmation_.reset();
  under_way_.reset();
  facts_.emplace_back(Promoted{version, old, versions_.at(version).median});
  launch_next(now);
  return true;
}

void ReleaseFlow::take_back(RecordId cause, Time now, const std::optional<RuleChange>& with) {
  const std::int64_t version = under_way_->version;
  // A candidate that no router has yet is taken back as one under analysis is.
  if (!under_way_->analysed) step(version, Event::collecting_metrics, cause, now);
  under_way_.reset();
  line_.roll_back(name(version), procedure("canary-failure"), now);
  told_steps(version, cause, now);
  add(candidate_rolled_back(model_, version, cause));
  const Time last = with ? with->last : all_to(production_, version, "end", now).last;
  leave("canary-failure", version, now, last, cause);
}

}  // namespace rehearse::lifecycle
