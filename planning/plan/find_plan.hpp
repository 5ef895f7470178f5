// From a question to its answer: the cheapest settings that keep the promises.
//
// 1. Look at the dear end of the space. When it breaks a promise, nothing in the ranges keeps it,
//    unless more budget is worse: the cheap end is looked at too.
// 2. Search for cheap designs on the first replications (planning/fit/designs.hpp).
// 3. Prove one of them on replications that the search has not seen
// (planning/plan/final_trial.hpp).
//
// What is guaranteed: whatever the search found, a setting is recommended that breaks a promise
// with probability at most 1 - confidence; for a promise about a mean under the assumption that the
// runs' values are normal, for a share of runs without any. What is not: that nothing cheaper
// exists. On one setting with monotone metrics the result is within the resolution, the final
// trial's tolerance and the noise of the search; `rejected` is the dearest setting that failed.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "planning/fit/monotone.hpp"
#include "planning/plan/final_trial.hpp"

namespace rehearse::planning {

struct Problem {
  Space space;
  std::vector<Constraint> constraints;
  double confidence = 0.95;
  std::size_t trial_runs = 20;  ///< runs for which the final trial's tolerance is made
  std::size_t search_runs = 4;  ///< at a point near a limit
};

struct Finding {
  bool feasible = false;
  Point point;  ///< the recommendation; where there is none, the point that comes nearest
  Proof proof;
  std::map<Point, Look> looks;
  std::vector<std::pair<std::string, Point>> order;  ///< of the looks, each with its phase
  MonotoneCheck monotone;
  bool cheap_end_holds = false;   ///< though the dear end does not: more is worse
  std::uint64_t search_runs = 0;  ///< made for this plan; what was known before costs none
  std::uint64_t trial_runs = 0;   ///< the same of the final trial

  /// What the final trial saw of the recommendation, or of the point that comes nearest.
  const Candidate& shown() const;
  /// The dearest point below the recommendation that was looked at or tested and did not hold.
  std::optional<Point> rejected(const Space& space) const;
};

/// Throws Stopped at an interrupt.
Finding find_plan(const Problem& problem, Trials& trials);

}  // namespace rehearse::planning
