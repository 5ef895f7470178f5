// What a sweep says: tables for spreadsheets, for programs and for a reader at a terminal.
#pragma once

#include <ostream>
#include <string>

#include "planning/sweep/sweep.hpp"

namespace rehearse::planning {

/// runs.csv: a line for each run, with the values of the parameters, the replication and all
/// metrics.
void write_runs_csv(const Sweep& sweep, std::ostream& out);

/// points.csv: a line for each point, with the number of runs and, for each metric, its mean and
/// the ends of its 95% interval ("METRIC", "METRIC low", "METRIC high"; empty where there are
/// none).
void write_points_csv(const Sweep& sweep, std::ostream& out);

/// The design and the shown metrics of every point as JSON.
std::string sweep_json(const Sweep& sweep);

/// The shown metrics as a table of at most `rows` points, 80 columns wide where names are short.
std::string sweep_text(const Sweep& sweep, std::size_t rows);

}  // namespace rehearse::planning
