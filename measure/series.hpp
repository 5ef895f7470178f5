// The time series of a run: what is drawn as a curve and written to timeseries.csv.
//
// A run is cut into buckets of equal length (the last border is the end of the run, quiescence
// included). Shares, counts and ages are time averages over a bucket; maxima are over the bucket;
// rates are counts in it by its length.
#pragma once

#include <string>
#include <vector>

#include "base/time.hpp"

namespace rehearse::measure {

struct Bucket {
  Time begin;
  Time end;
  double freshness = 1;       ///< 1 while nothing exists
  double age_mean = 0;        ///< seconds
  double age_max = 0;         ///< seconds
  double stale_entities = 0;  ///< mean number
  double edge_precision = 1;
  double edge_recall = 1;
  double queue_length = 0;        ///< mean number of documents waiting for a call
  double published = 0;           ///< events a second
  double delivered = 0;           ///< events a second
  double hydration_requests = 0;  ///< calls a second
};

/// A column that not every scenario has: of the run, or one for each model, which are called
/// model.<name>.<measure> as the metrics are.
struct SeriesColumn {
  std::string name;
  std::vector<double> values;  ///< one for each bucket
};

/// The text of timeseries.csv, `columns` last; docs/outputs.md lists the others.
/// REQUIRES: each column has a value for each bucket.
std::string timeseries_csv(const std::vector<Bucket>& buckets,
                           const std::vector<SeriesColumn>& columns = {});

}  // namespace rehearse::measure
