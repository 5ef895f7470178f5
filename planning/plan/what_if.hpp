// What if: two policies at equal budgets, held against each other run by run.
//
// Both scenarios meet the same seeds (common random numbers), so a replication's difference is that
// of the policies and the noise that both share falls out. Differences are B minus A, with
// Student's interval of their mean (paired t). Several metrics are looked at together, so a
// difference is called one only if it passes Holm's procedure (1979) over all metrics shown: the
// chance that any metric without a difference is called different is at most 1 - confidence.
//
// Budgets are what the comparison holds equal: two scenarios whose budgets differ are refused.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "planning/plan/evaluator.hpp"
#include "stats/paired.hpp"

namespace rehearse::planning {

struct WhatIfOptions {
  std::size_t replications = 20;
  double confidence = 0.95;
  std::vector<std::string> metrics;  ///< empty: the usual ones
};

struct Difference {
  std::string metric;
  measure::Unit unit = measure::Unit::count;
  stats::PairedDifference of;  ///< replications of both, of this metric alone
  bool differs = false;        ///< after Holm
};

struct WhatIf {
  std::string a;  ///< names of the scenarios
  std::string b;
  std::uint64_t seed = 0;
  std::size_t replications = 0;
  double confidence = 0.95;
  std::vector<std::string> retries;     ///< a line for each run that died and was made again
  std::vector<Difference> differences;  ///< metrics that are not 0 in every run of both
};

/// Throws InputError: a scenario or metric that is wrong, budgets, lengths or warm-ups that differ,
/// no metric in common; Stopped at an interrupt.
WhatIf compare_policies(const std::filesystem::path& a, const std::filesystem::path& b,
                        const std::vector<experiments::Override>& overrides,
                        const WhatIfOptions& options, const EvaluatorOptions& evaluator);

/// comparison.json.
std::string what_if_json(const WhatIf& what_if);
/// The same for a reader at a terminal, 80 columns wide.
std::string what_if_text(const WhatIf& what_if);

}  // namespace rehearse::planning
