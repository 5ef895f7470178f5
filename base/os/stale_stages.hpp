// Staging directories of runs that were killed. A staging directory is named
// ".TARGET.results-PROCESS-N" and locked (flock) by the run that fills it and by the workers it
// forks, so one whose process is gone and that nobody locks belongs to nobody. It holds files that
// never became results, or results that new ones had replaced already.
//
// A run that was killed while it replaced a target file by file, or between two renames, has left
// the target's old files in there; they are put back where nothing has taken their place.
#pragma once

#include <filesystem>
#include <string>

namespace rehearse::os {

/// How the names of the staging directories of a target begin.
std::string stage_prefix(const std::filesystem::path& target);

/// Locks a staging directory as long as the answer is open; -1 where that is not possible.
int lock_stage(const std::filesystem::path& stage);

/// Removes what killed runs left of the staging directories of `target` in `home`. What cannot be
/// removed stays: the run at hand does not depend on it.
void remove_stale_stages(const std::filesystem::path& home, const std::filesystem::path& target);

}  // namespace rehearse::os
