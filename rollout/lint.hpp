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
#include "rollout/series.hpp"

namespace rehearse::rollout {

struct Warning {
  std::string subject;  ///< "metric NAME", "group NAME" or "configuration"
  std::string code;     ///< stable, for example "nan-passes"
  std::string message;
};

/// Warnings about the configuration alone.
std::vector<Warning> lint(const CanaryConfig& config);

/// Those, and the ones that data show. A metric without an entry has no data.
std::vector<Warning> lint(const CanaryConfig& config, const std::map<std::string, Series>& series);

/// The fewest points a side with which the rank test can reject at this confidence.
std::size_t least_points(double confidence);

}  // namespace rehearse::rollout
