// What is left of an interval at a moment that nothing in its process has chosen.
//
// Who looks at a renewal process that has been going on for ever meets a long interval more often
// than a short one, as often as it is longer, and each moment of it alike. What is left has the
// equilibrium distribution, with the density (1 - F(x)) / mean (Cox 1962, "Renewal Theory", chapter
// 5). A process whose first interval is this one is stationary: the expected number of renewals in
// (0, t] is t / mean for every t, not for long ones alone.
//
// Draws are exact: an interval of the length-biased distribution, with the density x f(x) / mean,
// times a uniform variable; for exponentials and sums of them what is left of the stages.
#pragma once

#include <vector>

#include "stats/duration_distribution.hpp"

namespace rehearse::stats {

class Residual {
 public:
  /// REQUIRES: the distribution has a finite mean. Of what always lasts no time nothing is left.
  explicit Residual(const Distribution& distribution);

  Duration sample(Stream& stream) const;

 private:
  Distribution distribution_;
  std::vector<double> cumulated_;  // of a data set: sums of its values, in ns
};

}  // namespace rehearse::stats
