#include "planning/plan/find_plan.hpp"

#include <algorithm>
#include <cassert>

#include "planning/fit/designs.hpp"

namespace rehearse::planning {
namespace {

constexpr double kFirstTrialShare = 0.8;  // as the final trial gives to its first attempt

SurveyRule rule_of(const Problem& problem) {
  SurveyRule rule;
  rule.runs = problem.search_runs;
  rule.pilot = std::min(rule.pilot, rule.runs);
  rule.trial.alpha = kFirstTrialShare * (1 - problem.confidence);
  rule.trial.first_stage = std::min<std::size_t>(rule.trial.first_stage, problem.trial_runs);
  rule.trial.runs = problem.trial_runs;
  rule.trial.most_runs = 5 * problem.trial_runs;
  return rule;
}

// The ranges' ends when the dear one does not look as if it held.
Proof prove_at_the_ends(Survey& survey, double alpha, Finding& finding) {
  const Point dear = survey.space().dearest();
  const Point cheap = survey.space().cheapest();
  survey.begin("the cheap end");
  if (survey.look(cheap).score <= 0) {
    Proof proof = prove_alone(survey, cheap, alpha);
    if (proof.chosen) {
      finding.cheap_end_holds = true;
      return proof;
    }
  }
  return prove_alone(survey, dear, alpha);
}

}  // namespace

const Candidate& Finding::shown() const {
  assert(!proof.candidates.empty());
  if (proof.chosen) return proof.candidates[*proof.chosen];
  return proof.candidates.back();
}

std::optional<Point> Finding::rejected(const Space& space) const {
  std::optional<Point> dearest;
  const auto consider = [&](const Point& failed) {
    if (failed == point || !below(failed, point)) return;
    if (!dearest || space.cost(failed) > space.cost(*dearest)) dearest = failed;
  };
  for (const auto& [looked, look] : looks) {
    if (look.score > 0) consider(looked);
  }
  for (const Candidate& candidate : proof.candidates) {
    if (candidate.feasibility == Feasibility::infeasible) consider(candidate.point);
  }
  return dearest;
}

namespace {

std::optional<Point> cheapest_so_far(const Survey& survey) {
  std::optional<Point> best;
  for (const auto& [point, look] : survey.looks()) {
    if (look.score > 0) continue;
    if (!best || survey.space().cost(point) < survey.space().cost(*best)) best = point;
  }
  return best;
}

void search_and_prove(const Problem& problem, Survey& survey, Finding& finding) {
  const double alpha = 1 - problem.confidence;
  survey.begin("the dear end");
  if (survey.look(problem.space.dearest()).score > 0) {
    finding.proof = prove_at_the_ends(survey, alpha, finding);
  } else {
    finding.proof = prove(survey, find_designs(survey), alpha);
  }
}

}  // namespace

Finding find_plan(const Problem& problem, Trials& trials) {
  assert(!problem.constraints.empty() && problem.confidence > 0.5 && problem.confidence < 1);
  assert(problem.trial_runs >= 2 && problem.search_runs >= 2);
  Survey survey(problem.space, problem.constraints, trials, rule_of(problem));
  Finding finding;
  const std::uint64_t before = trials.runs();
  try {
    search_and_prove(problem, survey, finding);
  } catch (Stopped& stopped) {
    stopped.best = cheapest_so_far(survey);
    throw;
  }
  finding.feasible = finding.proof.chosen.has_value();
  finding.point = finding.shown().point;
  finding.search_runs = survey.runs_made();
  finding.trial_runs = trials.runs() - before - finding.search_runs;
  finding.looks = survey.looks();
  finding.order = survey.order();
  finding.monotone = check_monotone(survey);
  return finding;
}

}  // namespace rehearse::planning
