// Where a search for a plan gets its numbers: runs of a scenario, or a function with known answers
// in tests.
//
// Replication i is the same random world at every point (common random numbers), so points are
// compared run by run. Blocks of replications keep what is chosen apart from what is proved: the
// search looks at the first, the final trial draws runs that no choice has seen.
#pragma once

#include <cstdint>
#include <exception>
#include <optional>
#include <vector>

#include "planning/plan/space.hpp"

namespace rehearse::planning {

struct Request {
  Point point;
  std::uint64_t first = 0;  ///< replication
  std::uint64_t count = 0;
};

/// The constrained metrics of some runs at one point: [constraint][run].
using Observed = std::vector<std::vector<double>>;

class Trials {
 public:
  virtual ~Trials() = default;
  /// One answer per request. What was asked before costs nothing. Throws Stopped at an interrupt.
  virtual std::vector<Observed> run(const std::vector<Request>& requests) = 0;
  /// Runs made so far.
  virtual std::uint64_t runs() const = 0;
};

/// The user wants no more runs.
class Stopped : public std::exception {
 public:
  const char* what() const noexcept override { return "interrupted"; }

  std::optional<Point> best;  ///< the cheapest point that looked as if it held; not proved
};

// First replications of the blocks. The search's own start at 0, as those of `run --replications`.
inline constexpr std::uint64_t kTrialBlock = 1'000'000;      ///< of the first final trial
inline constexpr std::uint64_t kTrialStride = 1'000'000;     ///< from one final trial to the next
inline constexpr std::uint64_t kFreshBlock = 1'000'000'000;  ///< never used by a plan

}  // namespace rehearse::planning
