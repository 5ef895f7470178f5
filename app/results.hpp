// What `run` leaves behind: the files of --out and the text on stdout. docs/outputs.md describes
// them.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/os/output_directory.hpp"
#include "experiments/replicate.hpp"
#include "experiments/run.hpp"

namespace rehearse::app {

enum class Format : unsigned char { text, json };

/// The folder of --out while a run is on; stands in for none where the user wants no files.
class Results {
 public:
  /// Throws InputError when the folder cannot be written.
  explicit Results(const std::string& folder);

  /// Where the graph goes; nullopt when no files are wanted.
  std::optional<std::filesystem::path> graph_copy();
  /// The same of the trace.
  std::optional<std::filesystem::path> trace();
  /// Time series, pictures and lineage of one run; the caller may be a forked process.
  void write_curves(const reports::RunResult& result);
  void write(const std::string& name, const std::string& text);
  /// summary.json of replications, piece by piece.
  void write_summary(const reports::ReplicatedResult& result);
  /// Puts the files in place. Returns a line that names them; empty when no files are wanted.
  std::string commit();

 private:
  std::string folder_;
  std::optional<os::OutputDirectory> output_;
};

/// Writes the remaining files, puts all in place and prints the results. True when all expectations
/// hold.
bool finish(Results& results, const experiments::FinishedRun& finished, Format format);
bool finish(Results& results, const experiments::Replicated& replicated, const os::Perf& perf,
            Format format);

}  // namespace rehearse::app
