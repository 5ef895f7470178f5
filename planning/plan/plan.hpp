// A plan as the user gets it: the recommendation, and what puts it into proportion.
//
// Around the recommendation each setting is changed by 20% on the runs that proved it; what the
// sources had to do there is read from the same runs. The lower bound is theory's: by the
// utilisation law a budget below the calls a second that are asked of it, counted where nothing
// waits, lets the queue grow without end unless waiting events share calls; by Little's law (1961)
// the calls in flight are their rate times their length. Where nothing in the ranges keeps the
// promises, each range is left upwards by a factor of 2 to see which of them limits.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "planning/plan/evaluator.hpp"
#include "planning/plan/find_plan.hpp"

namespace rehearse::planning {

/// How a promise stands at the point that the plan is about.
struct Standing {
  double mean = 0;              ///< of the metric over the final trial's runs
  std::optional<double> bound;  ///< at the confidence: of the mean, or the least share of runs
  double kept = 1;              ///< share of the runs within the limit
  double head_room = 0;         ///< what is left of the limit, as a share of it; below 0: broken
  bool binds = false;           ///< the one with the least head-room
};

/// Another setting beside the recommendation.
struct Neighbour {
  std::string pointer;  ///< what is changed; empty: everything
  double factor = 1;
  Assignment assignment;
  double cost = 0;
  std::vector<double> means;  ///< by constraint
  bool holds = false;
};

struct SourceUse {
  std::string name;
  double calls_per_second = 0;
  double busiest_minute = 0;
  std::optional<double> budget;  ///< calls a second; nullopt: none
  double servers_busy = 0;       ///< share

  double used() const { return budget && *budget > 0 ? calls_per_second / *budget : 0; }
};

/// What theory says a setting is at least.
struct LowerBound {
  std::string pointer;
  double amount = 0;
  std::string law;
};

struct Plan {
  std::string scenario;
  std::uint64_t seed = 0;
  Problem problem;
  std::string cost;
  Finding finding;
  Assignment settings;  ///< at finding.point
  std::vector<Standing> standings;
  std::vector<Neighbour> neighbours;  ///< around a recommendation, or beyond the ranges' dear end
  std::vector<SourceUse> sources;
  std::optional<std::size_t> bottleneck;  ///< the source that uses most of its budget or servers
  std::vector<LowerBound> lower_bounds;
  std::uint64_t around_runs = 0;

  std::uint64_t runs() const { return finding.search_runs + finding.trial_runs + around_runs; }
  /// What a grid of the resolution takes with the final trial's first stage at each point.
  double grid_runs() const;
  /// Where all settings have a lower bound: their cost there.
  std::optional<double> least_cost() const;
};

/// `around`: whether to look around the result. Throws Stopped, InputError.
Plan make_plan(const Problem& problem, const Cost& cost, Evaluator& evaluator, bool around = true);

/// plan.json.
std::string plan_json(const Plan& plan);

/// The plan for a reader at a terminal, 80 columns wide; with each step of the search on demand.
std::string plan_text(const Plan& plan, bool steps);

/// plan.svg: the promises over the setting, or over the cost where several are searched. Throws
/// InputError when gnuplot is not installed.
std::string plan_svg(const Plan& plan);

}  // namespace rehearse::planning
