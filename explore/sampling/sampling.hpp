// Schedules drawn at random, for worlds too large to exhaust.
//
//   random  each step is drawn uniformly from what could happen next, faults included
//   pct     PCTCP (pct.hpp): few, well-placed delays, with a guaranteed chance of detection
//
// In pct, messages are the deliveries, the answers to calls, the changes of the script, enrichment
// ticks, wake-ups and rounds of reconciliation; each is caused by the step in which it came to be.
// What the papers do not know is drawn beside it, once per schedule: how many faults of each kind
// happen (uniformly from none to the budget) and at which of the n messages, whether a round of
// reconciliation begins early, and per call whether it reads its source when it is sent or when it
// is answered. A bug of depth d that needs no fault is shown by a schedule with a chance of at
// least
//
//     1 / (w^2 n^(d-1))  *  2^-d  *  1 / ((drops+1) (duplicates+1) (failures+1) (crashes+1)
//     (rebalances+1))
//
// (halved once more with reconciliation "any"); each fault that it needs divides that by n, a
// failed or late call by 2n. n is the most messages that a few trial walks had; a schedule that had
// more is counted, since the chance does not hold for it. w is the widest causal order that was
// met.
//
// Schedule i draws from the streams of (seed, i) alone, so what is found does not depend on the
// number of threads: where the search ends at a violation, it is that of the lowest i.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "explore/system/system.hpp"

namespace rehearse::explore {

enum class Method : std::uint8_t { random, pct };

struct SamplingOptions {
  Method method = Method::pct;
  std::size_t depth = 3;  ///< of pct
  std::uint64_t seed = 1;
  std::uint64_t schedules = 0;  ///< 0: as many as the time allows
  double budget_seconds = 0;    ///< 0: none. REQUIRES: one of the two
  std::size_t jobs = 1;
  bool stop_at_violation = true;
  std::function<void(std::uint64_t schedules)> progress;  ///< now and then
  std::function<bool()> interrupted;  ///< asked now and then; true ends the search
};

struct SampledViolation {
  std::uint64_t number = 0;      ///< of the schedule, from 0
  std::vector<Choice> schedule;  ///< the last step is the one that violates the property
  Violation violation;
};

/// What pct guarantees, and on what ground.
struct Guarantee {
  std::size_t depth = 0;
  std::size_t messages = 0;  ///< n
  std::size_t width = 0;     ///< w
  double per_schedule = 0;   ///< chance of one schedule to show a bug without faults
  double in_all = 0;         ///< of all schedules that had at most n messages
  std::uint64_t longer = 0;  ///< schedules with more than n messages
};

struct Sampled {
  std::uint64_t schedules = 0;  ///< run; up to the first violation where that ends the search
  std::uint64_t violating = 0;
  std::uint64_t steps = 0;
  std::size_t longest = 0;          ///< steps of the longest
  std::set<std::uint64_t> digests;  ///< of the graphs in which complete schedules ended
  std::optional<SampledViolation> first;
  std::set<world::Edge> phantoms;
  std::optional<Guarantee> guarantee;  ///< of pct
};

Sampled sample(const Setup& setup, const ScriptedTruth& truth, const SamplingOptions& options);

}  // namespace rehearse::explore
