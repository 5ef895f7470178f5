// sweep.journal: the runs of a sweep under way, one line each, so that a sweep that is killed loses
// no run that was complete.
//
// The first line holds a digest of the design, each further one a point, a replication, the metrics
// and a checksum. A line is written with one call when its run is done. What a kill has left of the
// last line is cut off when the journal is opened again. A lock keeps two sweeps out of one folder.
// The journal is text and not a
// database, since no SQLite handle may be open when workers are forked.
#pragma once

#include <filesystem>
#include <vector>

#include "base/os/locked_file.hpp"
#include "planning/sweep/sweep.hpp"

namespace rehearse::planning {

class Journal {
 public:
  /// Opens or makes the journal and takes the lock. Throws InputError when another process holds
  /// it, when it belongs to another design, or when it cannot be written.
  Journal(const std::filesystem::path& path, const Design& design);

  /// Puts the runs that were found into the sweep.
  void restore(Sweep& sweep) const;
  /// Throws InputError when the disk is full.
  void add(const RunKey& key, const std::vector<double>& metrics);

 private:
  os::LockedFile file_;
  std::map<RunKey, std::vector<double>> found_;
};

}  // namespace rehearse::planning
