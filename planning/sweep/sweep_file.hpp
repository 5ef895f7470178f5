// sweep.db: a sweep in one SQLite file.
//
//   design(key, value)                      scenario, version, seed, fingerprint, replications, ...
//   parameters(parameter, pointer, unit, suffix)
//   settings(point, parameter, value, amount)         the points of the grid
//   metrics(metric, name, unit, shown)
//   results(point, replication, metric, value)        what the runs gave
//   estimates(point, metric, runs, mean, deviation, low, high)   with a 95% t-interval
//   estimates_by_name, results_by_name                the last two with names, for reading (views)
//
// The file is made anew in one transaction, rows in the order of their keys, so that its bytes
// depend on the sweep alone and not on how it came about: shards that are merged and sweeps that
// were interrupted give the bytes of one made in one go (with the same version of SQLite). Tables
// but `estimates` are read back.
#pragma once

#include <filesystem>

#include "planning/sweep/sweep.hpp"

namespace rehearse::planning {

/// REQUIRES: no such file. Throws InputError when it cannot be written.
void write_sweep(const Sweep& sweep, const std::filesystem::path& path);

/// Throws InputError when it is no such file, or of another format.
Sweep read_sweep(const std::filesystem::path& path);

/// Takes in the runs of another sweep of the same design, the more replications of both. Throws
/// InputError, about the file `where`, for another design or a run that gave something else there.
void merge_sweep(Sweep& into, const Sweep& from, const Where& where);

}  // namespace rehearse::planning
