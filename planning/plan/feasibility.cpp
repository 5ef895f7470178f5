#include "planning/plan/feasibility.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>

#include "stats/distributions.hpp"
#include "stats/intervals.hpp"
#include "stats/moments.hpp"

namespace rehearse::planning {
namespace {

// Between two looks at a trial: a few runs, more when many are made already.
constexpr std::size_t kLeastBatch = 4;

std::vector<double> turned(const Constraint& constraint, stats::Sample values) {
  std::vector<double> result;
  for (const double value : values) result.push_back(constraint.turned(value));
  return result;
}

Feasibility judge_mean(const Constraint& constraint, stats::Sample values, const TrialRule& rule) {
  assert(rule.runs >= rule.first_stage);
  if (values.size() < rule.first_stage) return Feasibility::open;
  const std::vector<double> y = turned(constraint, values);
  const double deviation =
      stats::moments(stats::Sample(y).first(rule.first_stage)).sample_deviation();
  const double tolerance = deviation * tolerance_in_deviations(rule);
  const double centre = constraint.turned_limit() - tolerance;
  double sum = 0;
  for (const double value : y) sum += value - centre;
  const double left = static_cast<double>(rule.runs) - static_cast<double>(values.size());
  const double boundary = tolerance * std::max(0.0, left) / 2;
  if (sum <= -boundary) return Feasibility::feasible;
  return sum >= boundary ? Feasibility::infeasible : Feasibility::open;
}

std::uint64_t breaches(const Constraint& constraint, stats::Sample values) {
  std::uint64_t count = 0;
  for (const double value : values) {
    if (constraint.turned(value) > constraint.turned_limit()) ++count;
  }
  return count;
}

Feasibility judge_share(const Constraint& constraint, stats::Sample values, const TrialRule& rule) {
  const double allowed = 1 - *constraint.share;
  double alpha = rule.alpha;
  for (int look = 1; runs_for_share(*constraint.share, rule.alpha, look) <= values.size(); ++look) {
    alpha /= 2;
    const std::size_t n = runs_for_share(*constraint.share, rule.alpha, look);
    if (stats::binomial_at_most(breaches(constraint, values.first(n)), n, allowed) <= alpha) {
      return Feasibility::feasible;
    }
  }
  // Giving up early can only make the other error rarer.
  const std::uint64_t seen = breaches(constraint, values);
  const bool hopeless = stats::binomial_at_least(seen, values.size(), allowed) <= rule.alpha;
  return seen > 0 && hopeless ? Feasibility::infeasible : Feasibility::open;
}

}  // namespace

double boundary_constant(double alpha, std::size_t first_stage) {
  assert(alpha > 0 && alpha < 0.5 && first_stage >= 2);
  const double df = static_cast<double>(first_stage - 1);
  return df * (std::pow(2 * alpha, -2 / df) - 1);
}

double tolerance_in_deviations(const TrialRule& rule) {
  return std::sqrt(boundary_constant(rule.alpha, rule.first_stage) /
                   static_cast<double>(rule.runs));
}

Feasibility judge(const Constraint& constraint, stats::Sample values, const TrialRule& rule) {
  const Feasibility feasibility = constraint.share ? judge_share(constraint, values, rule)
                                                   : judge_mean(constraint, values, rule);
  if (feasibility == Feasibility::open && values.size() >= rule.most_runs)
    return Feasibility::infeasible;
  return feasibility;
}

std::size_t runs_for_share(double share, double alpha, int look) {
  const double first = std::ceil(std::log(alpha / 2) / std::log(share) - 1e-9);
  return static_cast<std::size_t>(std::max(1.0, first)) << (look - 1);
}

std::size_t next_look(const std::vector<Constraint>& constraints, std::size_t runs,
                      const TrialRule& rule) {
  if (runs < rule.first_stage) return rule.first_stage;
  std::size_t next = std::min(runs + std::max(kLeastBatch, runs / 4), rule.most_runs);
  for (const Constraint& constraint : constraints) {
    if (!constraint.share) {
      if (runs < rule.runs) next = std::min(next, rule.runs);
      continue;
    }
    int look = 1;
    while (runs_for_share(*constraint.share, rule.alpha, look) <= runs) ++look;
    next = std::min(next, runs_for_share(*constraint.share, rule.alpha, look));
  }
  return next;
}

std::optional<double> confidence_bound(const Constraint& constraint, stats::Sample values,
                                       double confidence) {
  assert(!values.empty());
  const double n = static_cast<double>(values.size());
  if (constraint.share) {
    const double kept = n - static_cast<double>(breaches(constraint, values));
    return kept == 0 ? 0 : stats::beta_quantile(1 - confidence, kept, n - kept + 1);
  }
  if (values.size() < 2) return std::nullopt;
  const stats::Moments moments = stats::moments(values);
  const double half =
      stats::student_quantile(confidence, n - 1) * moments.sample_deviation() / std::sqrt(n);
  return constraint.at_most ? moments.mean() + half : moments.mean() - half;
}

double kept_share(const Constraint& constraint, stats::Sample values) {
  return 1 - static_cast<double>(breaches(constraint, values)) / static_cast<double>(values.size());
}

}  // namespace rehearse::planning
