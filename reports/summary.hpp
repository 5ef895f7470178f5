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

#include "reports/convergence.hpp"
#include "reports/expectation.hpp"
#include "reports/metrics.hpp"
#include "reports/series.hpp"
#include "reports/window.hpp"

namespace rehearse::reports {

struct RunResult {
  std::string scenario;  ///< its name
  std::uint64_t seed = 1;
  std::string version;  ///< of Rehearse
  Window window;
  Metrics metrics;
  std::vector<ExpectationResult> expectations;
  Audit audit;
  std::uint64_t digest = 0;  ///< mds::Store::digest
  std::vector<Bucket> series;
};

std::string summary_json(const RunResult& result);

}  // namespace rehearse::reports
