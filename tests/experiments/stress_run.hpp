// Runs a scenario without simulator, on the plain heap, under the eyes of a SafetyWatch: the same
// models, service and audit as `rehearse run`, many in one process.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "experiments/scenario/scenario.hpp"
#include "measure/audit.hpp"

namespace rehearse::test {

struct StressResult {
  bool converged = false;
  std::vector<std::string> violations;  ///< of safety
  std::vector<std::string> unexcused;   ///< what P1 does not allow to be stale, with the cause
  std::string divergences;              ///< as in summary.json
  std::uint64_t digest = 0;
  std::set<Time> dates;  ///< of all events planned in the calendar
};

StressResult run_watched(const experiments::Scenario& scenario);

}  // namespace rehearse::test
