// Warnings about canary configurations that cannot fail or cannot judge.
//
// With data, the lint also says which metrics have too few points for the test, which groups would
// score 100 without any data, and which changes that are looked for are too small to be seen
// through the noise and the tolerance.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "rollout/canary_config.hpp"
#include "rollout/evidence.hpp"
#include "rollout/series.hpp"
#include "rollout/warning.hpp"

namespace rehearse::rollout {

/// Warnings about the configuration alone, the remarks of its reader first.
std::vector<Warning> lint(const CanaryConfig& config);

/// Those, and the ones that data show. A metric without an entry has no data.
std::vector<Warning> lint(const CanaryConfig& config, const std::map<std::string, Series>& series);

}  // namespace rehearse::rollout
