// A writer of a store in a process of its own, to be killed or to run out of space at a given file
// operation, and what may be expected of the file it leaves.
//
// The writer is the service on a file store, fed with a plan of events drawn from a seed. It tells
// the numbers of acknowledged events through a pipe. SQLite's calls of the system are counted, so
// that the moment of a fault is a number and can be repeated; a write that meets its fault is torn.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace rehearse::test {

enum class Fault : std::uint8_t { none, killed, disk_full };

struct WriterResult {
  std::vector<std::uint64_t> acked;  ///< numbers of events
  std::int64_t operations = 0;       ///< of the file, in all; 0 when the writer was killed
  std::string error;                 ///< what the writer's InputError said, if there was one
  bool killed = false;               ///< by SIGKILL
  bool clean = false;                ///< ended by itself, with status 0
};

/// Runs the writer on the store `path` until its plan or a fault ends it. Operation `at` (from 1)
/// meets the fault.
WriterResult run_writer(const std::string& path, std::uint64_t seed, Fault fault, std::int64_t at);

/// The same in a file system of `bytes` of which the writer's process alone knows; what it left is
/// copied to `folder` afterwards. `mounted` is false when the machine does not let us mount.
WriterResult run_writer_on_small_disk(const std::string& folder, std::uint64_t seed,
                                      std::size_t bytes, bool& mounted);

/// What is wrong with the store that a writer left: with the store itself, or because the effect of
/// an acknowledged event is missing. Ends with a transaction, to see that writing goes on.
std::vector<std::string> problems_after(const std::string& path, std::uint64_t seed,
                                        const WriterResult& result);

}  // namespace rehearse::test
