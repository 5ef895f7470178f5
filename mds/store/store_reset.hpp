// Emptying the file of a graph store, so that what writes to it next begins with nothing.
//
// A run's graph must hold that run alone: the file may be left from an earlier one, whole or
// killed. The file is emptied in place, in one transaction under SQLite's exclusive lock: nobody's
// graph goes while it is in use, and a crash leaves the old graph or none.
#pragma once

#include <string>

namespace rehearse::mds {

/// No effect where there is no file, or an empty one. Throws InputError for a file that is no graph
/// store, is one of another version, or is in use.
void empty_store(const std::string& path);

}  // namespace rehearse::mds
