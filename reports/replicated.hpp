// The results of several replications of one scenario: for every metric its mean, its standard
// deviation, a 95% t-interval of the mean, and quantiles over runs that draw from independent
// streams, each with a distribution-free 95% interval (stats/quantile_intervals.hpp).
//
// Expectations hold for the means. The digest, like the graph and the plots, is that of replication
// 0, which is the plain run.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "measure/expectation.hpp"
#include "measure/metric_table.hpp"
#include "measure/metrics.hpp"
#include "reports/steady_state.hpp"
#include "stats/intervals.hpp"

namespace rehearse::reports {

/// A quantile over the runs.
struct QuantileSpread {
  int percent = 50;
  double value = 0;
  std::optional<stats::Interval> interval95;  ///< nullopt where the runs are too few
};

struct MetricSpread {
  double mean = 0;
  double deviation = 0;                       ///< of the runs; 0 for a single one
  std::optional<stats::Interval> interval95;  ///< of the mean; nullopt for a single run
  std::vector<QuantileSpread> quantiles;      ///< the median and the 90th and 95th percentile
};

struct ReplicatedResult {
  std::string scenario;
  std::uint64_t seed = 1;
  std::string version;
  measure::MetricTable runs;  ///< by replication
  std::map<std::string, MetricSpread> metrics;
  std::vector<measure::ExpectationResult> expectations;
  std::string divergences = "[]";  ///< of replication 0, as JSON
  std::uint64_t digest = 0;        ///< of replication 0
  std::optional<SteadyState> steady_state;
  std::optional<Precise> precise;  ///< with `--until`
};

/// Mean, deviation and intervals of one metric's values. REQUIRES: not empty.
MetricSpread spread_of(std::vector<double> values);
/// The same of every metric. REQUIRES: at least one run.
std::map<std::string, MetricSpread> spread_of(const measure::MetricTable& runs);

measure::Metrics means_of(const std::map<std::string, MetricSpread>& spread);

/// summary.json of several replications: as of one run, but each metric is {"mean", "deviation",
/// "interval95": [low, high], "p50": {"value", "interval95"}, "p90", "p95"}, and "runs" holds each
/// run's metrics by replication. Written piece by piece, since there may be many runs.
void write_replicated_summary(const ReplicatedResult& result, std::ostream& out);

/// The same for a reader at a terminal, 80 columns wide: expectations first, then every metric that
/// is not 0 in all runs.
std::string replicated_text(const ReplicatedResult& result, bool colour);

}  // namespace rehearse::reports
