// How long and with how much traffic must a canary run? By simulation from the baseline's own data.
//
// A trial draws a fresh baseline and a canary from the data by a circular block bootstrap (Politis
// and Romano 1992), the same rows for all metrics, so that autocorrelation within a block and the
// relations between metrics are kept. The canary's metrics are then made worse by a regression in
// the direction they are watched for, and the configuration judges. Regression 0 gives the share of
// good canaries it fails. A canary that is looked at before its end, too, fails at the first look
// that fails it.
//
// Traffic is relative to that behind the data. Averages of s times the traffic have deviations from
// their mean divided by sqrt(s); counts (whole numbers >= 0) are thinned, or grow by a Poisson
// share.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "rollout/canary_config.hpp"

namespace rehearse::rollout {

struct PowerSettings {
  std::vector<std::size_t> points = {30, 60, 120};  ///< durations, in points a side
  std::vector<double> traffic = {0.5, 1, 2};
  std::vector<double> regressions = {0, 0.02, 0.05, 0.1, 0.2};
  std::vector<std::string> regressed;  ///< metrics that get worse; none named means all
  std::size_t look = 0;  ///< points between looks, each of which may fail it; 0 looks at its end
  int trials = 200;
  std::size_t block = 0;  ///< rows drawn together; 0 takes the cube root of the data's length
  std::uint64_t seed = 1;
};

struct PowerRow {
  std::size_t points = 0;
  double traffic = 1;
  double regression = 0;
  int passed = 0;
  int marginal = 0;
  int failed = 0;
  int inconclusive = 0;

  int trials() const { return passed + marginal + failed + inconclusive; }
};

/// Rows in the order of points, traffic, regressions. `progress` gets the share done. Throws
/// InputError when a metric named in `regressed` is unknown or no metric has data. REQUIRES: all
/// series equally long.
std::vector<PowerRow> simulate_power(const CanaryConfig& config,
                                     const std::map<std::string, std::vector<double>>& baseline,
                                     const PowerSettings& settings,
                                     const std::function<void(double)>& progress = {});

/// Shares of canaries that do not pass against the regression, one line per duration and traffic.
std::string operating_characteristic_svg(const std::vector<PowerRow>& rows);

}  // namespace rehearse::rollout
