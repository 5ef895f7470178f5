// Where along a line of points do the promises begin to hold?
//
// Along a line from cheap to dear the score falls through 0 once, if more budget never hurts, so
// the step is found by bracketing. Within the bracket the next step is chosen by the ITP rule of
// Oliveira and Takahashi (2020), interpolate, truncate, project: as few looks as bisection in the
// worst case, fewer where the score is smooth, as it is under common random numbers. The search
// ends when the bracket is a step wide, or when the scores at its ends differ by less than their
// noise, which further halving would only chase.
#pragma once

#include <functional>

namespace rehearse::planning {

struct Scored {
  double score = 0;  ///< at most 0: holds
  double noise = 0;
};

/// `fails` is the dearest step found to fail, -1 when even step 0 holds (or when nothing cheaper
/// was looked at yet); `holds` is the cheapest found to hold.
struct Bracket {
  int fails = -1;
  int holds = 0;
};

using ScoreAt = std::function<Scored(int step)>;

/// Narrows a bracket whose `holds` is known to hold. REQUIRES: fails < holds.
Bracket narrow(Bracket bracket, const ScoreAt& score);

/// Finds the bracket below a step that holds by strides that double, then narrows it: few looks
/// when the answer is near. REQUIRES: 0 <= holds, stride >= 1.
Bracket descend(int holds, int stride, const ScoreAt& score);

}  // namespace rehearse::planning
