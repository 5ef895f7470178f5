// What a search has seen of the space: a few runs at each point looked at, all on the same seeds,
// and a score that tells on which side of the promises the point lies and how far.
//
// A constraint's score is the logarithm of (mean + allowance) / limit (a difference where a
// logarithm has no sense), below 0 where the final trial is likely to say "feasible": the allowance
// is the tolerance that trial needs on top of the mean. For a share of runs it is the distance of a
// quantile of the fitted lognormal or normal distribution. A point's score is the worst of its
// constraints. Scores guide the search and prove nothing; the final trial does that.
//
// Points that lie far from every limit are known from a pilot of two runs.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "planning/plan/feasibility.hpp"
#include "planning/plan/trials.hpp"

namespace rehearse::planning {

struct SurveyRule {
  std::size_t pilot = 2;
  std::size_t runs = 4;          ///< at a point near a limit
  std::size_t noisy_runs = 12;   ///< the same where runs differ much or a share of them is promised
  double noisy = 0.05;           ///< standard error of a score that calls for them
  double far = 0.5;              ///< a pilot whose every score is beyond this needs no more runs
  std::size_t design_runs = 10;  ///< at a design, to know its place and spread before the trial
  TrialRule trial;
};

/// A point as the search sees it.
struct Look {
  Point point;
  Observed values;             ///< [constraint][run], of replications 0, 1, ...
  std::vector<double> scores;  ///< by constraint
  double score = 0;            ///< the worst
  double noise = 0;            ///< standard error of the worst one's, as a forecast of the trial
  std::size_t worst = 0;       ///< its constraint

  std::size_t runs() const { return values.front().size(); }
};

class Survey {
 public:
  /// REQUIRES: the arguments outlive this; at least one constraint.
  Survey(const Space& space, const std::vector<Constraint>& constraints, Trials& trials,
         const SurveyRule& rule);

  const Space& space() const { return space_; }
  const std::vector<Constraint>& constraints() const { return constraints_; }
  const SurveyRule& rule() const { return rule_; }
  Trials& trials() { return trials_; }

  const Look& look(const Point& point);
  /// Looks at several points at a time.
  void look_at(const std::vector<Point>& points);

  /// The same with as many runs as a design gets.
  const Look& look_closer(const Point& point);

  const std::map<Point, Look>& looks() const { return looks_; }
  /// Runs that its looks have cost; what was known before costs none.
  std::uint64_t runs_made() const { return runs_made_; }

  /// What is looked at from here on is part of this phase.
  void begin(std::string phase) { phase_ = std::move(phase); }
  /// The points in the order in which they were looked at, each with its phase.
  const std::vector<std::pair<std::string, Point>>& order() const { return order_; }

 private:
  std::vector<Observed> ask(const std::vector<Request>& requests);
  Look scored(const Point& point, Observed values) const;
  bool is_far(const Look& look) const;
  bool is_noisy(const Look& look) const;
  void extend(const std::vector<Point>& points, std::size_t runs);

  const Space& space_;
  const std::vector<Constraint>& constraints_;
  Trials& trials_;
  SurveyRule rule_;
  std::map<Point, Look> looks_;
  std::uint64_t runs_made_ = 0;
  std::string phase_;
  std::vector<std::pair<std::string, Point>> order_;
};

/// Score of one constraint and its standard error. `allowance` is in standard deviations.
std::pair<double, double> score_of(const Constraint& constraint, stats::Sample values,
                                   double allowance, std::size_t trial_runs);

}  // namespace rehearse::planning
