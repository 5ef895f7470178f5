// What `rehearse judge` reads: a configuration with what the command line adds to it, and the data
// of both sides in whatever form they come.
#pragma once

#include <string>
#include <vector>

#include "app/data_options.hpp"
#include "rollout/canary_config.hpp"
#include "rollout/pairing.hpp"

namespace rehearse::app {

struct JudgeInput {
  std::string config, solver, pairs;          ///< pairs: Kayenta's metric set pairs
  std::vector<std::string> baseline, canary;  ///< FILE, or METRIC=FILE
  std::vector<std::string> sparse, limits;
  bool kayenta = false, distribution = false;
  double pass = -1, marginal = -1;  ///< below 0: as the configuration says
  DataOptions data;

  bool has_data() const { return !pairs.empty() || (!baseline.empty() && !canary.empty()); }
};

/// Throws InputError.
rollout::CanaryConfig read_config(const JudgeInput& input);

/// Both sides. Throws InputError.
rollout::PairedData read_data(const rollout::CanaryConfig& config, const JudgeInput& input);

/// The baseline alone. Throws InputError.
rollout::PairedData read_baseline(const rollout::CanaryConfig& config, const JudgeInput& input);

}  // namespace rehearse::app
