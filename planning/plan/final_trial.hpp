// The final trial: what the search proposes is proved on runs that no choice has seen.
//
// For each design a chain of candidates is made, from somewhat dearer to the design itself and a
// little cheaper, before the first of these runs. A chain is tested from its dear end downwards,
// each candidate by the sequential tests of planning/plan/feasibility.hpp, and stops at the first
// that does not pass. The order being fixed, each test has the whole error of its chain (fixed
// sequence; Maurer, Hothorn and Lehmacher 1995): to recommend a setting that breaks a promise, the
// test of the first such one in the chain must err. Chains share the error evenly (Bonferroni).
// When no candidate passes, another trial is made where the failed one and the search together
// place the edge of what holds, on fresh runs with a fifth of the error that is left. Together: a
// setting that breaks a promise is recommended with probability at most 1 - confidence, whatever
// the search did and whether or not the metrics are monotone.
#pragma once

#include <optional>
#include <vector>

#include "planning/fit/survey.hpp"

namespace rehearse::planning {

struct Candidate {
  Point point;
  double cost = 0;
  std::size_t trial = 0;    ///< 0, 1, ...
  std::size_t chain = 0;    ///< within its trial
  double alpha = 0;         ///< error that its test may make
  std::uint64_t first = 0;  ///< replication
  Observed values;          ///< [constraint][run]
  Feasibility feasibility = Feasibility::open;
  std::size_t failed = 0;  ///< the constraint that was not shown, where infeasible

  std::size_t runs() const { return values.front().size(); }
};

struct Proof {
  std::vector<Candidate> candidates;  ///< in the order of their tests
  std::optional<std::size_t> chosen;  ///< the cheapest that passed
};

/// Tests designs, the cheapest of which comes first. `alpha` is the error of everything together.
/// REQUIRES: the survey has looked at the designs.
Proof prove(Survey& survey, const std::vector<Point>& designs, double alpha);

/// Tests one point alone.
Proof prove_alone(Survey& survey, const Point& point, double alpha);

/// Where the edge of what holds lies beside a design, in steps of the resolution.
struct Edge {
  double shift = 0;  ///< how far up it is from there; below 0: down
  int spread = 1;    ///< what the noise is worth
  double fall = 0;   ///< of the score in a step; 0: unknown
  double runs = 0;   ///< that told it
};

/// Looks closer at a design that the search has looked at.
Edge edge_near(Survey& survey, const Point& design);

}  // namespace rehearse::planning
