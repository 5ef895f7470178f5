// The results of one run, and summary.json, which is exactly
//
//   {"scenario", "seed", "version", "metrics": {...}, "expectations": [{"metric", "bound", "value",
//    "passed"}], "divergences": [...], "digest"}
//
// in this order, metrics sorted by name, numbers as the shortest decimals that read back the same.
// Nothing in it depends on the machine, the time of day or where files lie.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lifecycle/lineage.hpp"
#include "measure/audit.hpp"
#include "measure/expectation.hpp"
#include "measure/metrics.hpp"
#include "measure/series.hpp"
#include "measure/window.hpp"

namespace rehearse::reports {

struct RunResult {
  std::string scenario;  ///< its name
  std::uint64_t seed = 1;
  std::string version;  ///< of Rehearse
  measure::Window window;
  measure::Metrics metrics;
  std::vector<measure::ExpectationResult> expectations;
  measure::Audit audit;
  std::uint64_t digest = 0;  ///< mds::Store::digest
  std::vector<measure::Bucket> series;
  std::vector<measure::SeriesColumn> more_series;  ///< beside it
  std::vector<lifecycle::Record> lineage;  ///< of a lifecycle, where it is wanted; else empty
};

std::string summary_json(const RunResult& result);

}  // namespace rehearse::reports
