// Which data belong to which metric of a configuration.
//
// A metric finds its series by name. One series a side belong together whatever their tags say, as
// baseline and canary bear the names of different machines; of several, those with equal tags do
// (Kayenta's mixer). Each such pair is judged by itself, as a metric of its own called
// `errors{pod="a"}`; a series without a counterpart has no data on the other side.
//
// A file in which no metric is found is an error that shows what the file holds, as is a metric
// that neither side has: both are slips and no missing data. A metric that one side lacks is
// missing there, and named in `gaps`.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/data_table.hpp"
#include "rollout/canary_config.hpp"
#include "rollout/metric_set_pairs.hpp"
#include "rollout/series.hpp"

namespace rehearse::rollout {

struct PairedData {
  CanaryConfig config;  ///< a metric with several pairs stands once for each
  std::map<std::string, Series> series;
  std::vector<std::string> gaps;  ///< one line each
};

/// Throws InputError.
PairedData pair_tables(const CanaryConfig& config, data::Table baseline, data::Table canary);
PairedData pair_sets(const CanaryConfig& config, const std::string& file,
                     std::vector<MetricSetPair> pairs);

/// The columns of one side, by the names of metrics; for where there is no other side. Throws
/// InputError when no metric is found, or one is not.
PairedData only_baseline(const CanaryConfig& config, data::Table baseline);

/// The names of a configuration's metrics.
std::vector<std::string> metric_names(const CanaryConfig& config);

/// `; did you mean "X"?` for the name most like `word` (csv::nearest_column), or empty.
std::string meant(const std::string& word, const std::vector<std::string>& names);

}  // namespace rehearse::rollout
