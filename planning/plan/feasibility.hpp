// Does a setting keep a promise? Sequential tests that end as soon as the runs have said it.
//
// Mean of a metric against a limit: the triangular boundary of Kim and Nelson (2001), in the form
// that Batur and Kim (2010) give it for feasibility. After a first stage of n0 runs with variance
// S^2, the sum of distances from the centre of a band of width 2 d below the limit is watched until
// it leaves +-R(r) = (h^2 S^2 / d - d r) / 2, where h^2 = (n0 - 1) ((2 alpha)^(-2/(n0-1)) - 1). For
// independent normal runs:
//   - a mean at or above the limit is called feasible with probability at most alpha;
//   - a mean at or below limit - 2 d is called infeasible with probability at most alpha.
// The tolerance d is S h / sqrt(N), so the boundary, R(r) = d (N - r) / 2, closes after N runs: who
// is willing to make N runs gets the tolerance that they can resolve. That d depends on S does no
// harm: the sums are independent of S^2, so the proof, which is conditional on it, holds for each.
//
// Share of runs that keep a bound: the exact binomial bound of Clopper and Pearson (1934) at looks
// 1, 2, 3 ..., each of which may err with half the probability of the one before; whatever the
// distribution of the metric, too small a share is called feasible with probability at most alpha.
//
// Several promises: a setting is feasible when every test says so, each at the whole alpha (an
// intersection-union test, Berger 1982): if it breaks one promise, that one's test must err.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "planning/plan/goal.hpp"
#include "stats/sample.hpp"

namespace rehearse::planning {

enum class Feasibility : unsigned char { open, feasible, infeasible };

/// h^2 of the boundary. REQUIRES: 0 < alpha < 0.5, first_stage >= 2.
double boundary_constant(double alpha, std::size_t first_stage);

/// The runs of a trial, which all constraints share.
struct TrialRule {
  double alpha = 0.05;
  std::size_t first_stage = 10;
  std::size_t runs = 20;        ///< N, after which a mean has been told; first_stage at least
  std::size_t most_runs = 200;  ///< a share of runs that is open then has not been shown
};

/// d / S of the test of a mean.
double tolerance_in_deviations(const TrialRule& rule);

/// What the first values.size() runs say about a constraint.
Feasibility judge(const Constraint& constraint, stats::Sample values, const TrialRule& rule);

/// Runs needed until a look at a share of runs can say feasible, at the given look (1, 2, ...) with
/// as many breaches as that look allows for.
std::size_t runs_for_share(double share, double alpha, int look);

/// When the next look at these constraints is due, after `runs` runs; first with runs = 0.
std::size_t next_look(const std::vector<Constraint>& constraints, std::size_t runs,
                      const TrialRule& rule);

/// The bound that holds with the given confidence: of the mean by Student's t (1908), or the least
/// share of runs that keep the limit. nullopt for a mean of a single run.
std::optional<double> confidence_bound(const Constraint& constraint, stats::Sample values,
                                       double confidence);

/// Share of the runs that keep the constraint's limit.
double kept_share(const Constraint& constraint, stats::Sample values);

}  // namespace rehearse::planning
