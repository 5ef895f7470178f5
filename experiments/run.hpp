// One run of a scenario: the world, the graph and the recorder put together on SimGrid's calendar,
// run, audited and summed up.
//
// A process makes one run (SimGrid holds one engine per process); several go through
// base/os/forked.hpp.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>

#include "base/os/perf.hpp"
#include "experiments/scenario/scenario.hpp"
#include "measure/audit.hpp"
#include "reports/summary.hpp"

namespace rehearse::experiments {

struct RunOptions {
  std::uint64_t replication = 0;  ///< draws from the streams of (seed, replication)
  /// Where to leave a copy of the graph; the file must not exist.
  std::optional<std::filesystem::path> graph_copy;
  /// Where to write the trace, if one is wanted.
  std::optional<std::filesystem::path> trace;
  /// Whether the result says why truth and graph differ, for those who show it.
  measure::Detail detail = measure::Detail::causes;
  /// Told now and then which share of the run's simulated time has passed.
  std::function<void(double share)> progress;
};

struct FinishedRun {
  reports::RunResult result;
  os::Perf perf;
};

/// Runs a scenario from its start to the end of its quiescence. Throws InputError for settings that
/// only a run shows to be wrong, std::logic_error when the recorder and the final audit disagree.
FinishedRun run(const Scenario& scenario, const RunOptions& options = {});

}  // namespace rehearse::experiments
