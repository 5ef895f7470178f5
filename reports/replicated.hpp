// The results of several replications of one scenario: for every metric its mean, its standard
// deviation and a 95% t-interval of the mean over runs that draw from independent streams.
//
// Expectations hold for the means. The digest, like the graph and the plots, is that of replication
// 0, which is the plain run.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "reports/expectation.hpp"
#include "reports/metrics.hpp"
#include "stats/intervals.hpp"

namespace rehearse::reports {

struct MetricSpread {
  double mean = 0;
  double deviation = 0;                       ///< of the runs; 0 for a single one
  std::optional<stats::Interval> interval95;  ///< of the mean; nullopt for a single run
};

struct ReplicatedResult {
  std::string scenario;
  std::uint64_t seed = 1;
  std::string version;
  std::vector<Metrics> runs;  ///< by replication
  std::map<std::string, MetricSpread> metrics;
  std::vector<ExpectationResult> expectations;
  std::string divergences = "[]";  ///< of replication 0, as JSON
  std::uint64_t digest = 0;        ///< of replication 0
};

/// Mean, deviation and interval of every metric. REQUIRES: at least one run, the same names in all.
std::map<std::string, MetricSpread> spread_of(const std::vector<Metrics>& runs);

Metrics means_of(const std::map<std::string, MetricSpread>& spread);

/// summary.json of several replications: as of one run, but each metric is {"mean", "deviation",
/// "interval95": [low, high]}, and "runs" holds each run's metrics by replication.
std::string replicated_summary_json(const ReplicatedResult& result);

/// The same for a reader at a terminal, 80 columns wide: expectations first, then every metric that
/// is not 0 in all runs.
std::string replicated_text(const ReplicatedResult& result, bool colour);

}  // namespace rehearse::reports
