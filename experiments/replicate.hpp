// Several replications of a scenario, each in a process of its own.
//
// Replication i draws from the streams of (seed, i), so replications are independent, and
// replication i of two scenarios meets the same arrivals (common random numbers). Results do not
// depend on the number of jobs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

#include "experiments/run.hpp"
#include "experiments/until.hpp"
#include "reports/replicated.hpp"

namespace rehearse::experiments {

struct ReplicateOptions {
  std::size_t replications = 1;  ///< with `until` the most that are made
  std::optional<Until> until;
  int jobs = 1;
  /// Where replication 0 leaves a copy of its graph.
  std::optional<std::filesystem::path> graph_copy;
  /// Where replication 0 writes its trace.
  std::optional<std::filesystem::path> trace;
  /// Called with the whole result of replication 0, in the process that ran it: what it changes in
  /// memory is lost, the files it writes stay.
  std::function<void(const FinishedRun&)> keep_first;
  /// Told how many replications are complete, without a gap, and of how many as far as can be seen.
  /// An interrupt from then on keeps them.
  std::function<void(std::size_t done, double of)> progress;
};

struct Replicated {
  reports::ReplicatedResult result;   ///< of the replications that are done
  std::uint64_t events = 0;           ///< simulation events of all of them
  std::vector<std::string> failures;  ///< "replication 3: why"; empty when all went well
  std::vector<std::string> retries;   ///< "replication 3 was run again: why"
  bool interrupted = false;
};

/// Runs the replications. One that fails twice is reported and left out. Throws InputError for bad
/// settings and std::runtime_error when every replication failed; after an interrupt there may be
/// no run in the result.
Replicated replicate(const Scenario& scenario, const ReplicateOptions& options);

}  // namespace rehearse::experiments
