// Rows of a file in the place of a drawn world: a model's member "population".
//
//   "population": { "csv": "rows.csv", "time": "at", "label": "clicked",
//                   "features": ["price", "demand"], "speedup": 1 }
//
// "time" is a column of seconds, { "column": "at", "unit": "m" } or { "column": "at", "format":
// "%Y-%m-%d %H:%M" } as in traces (world/trace_time.hpp), or { "every": "30m" } where a file has
// no times and its rows come at equal steps. Rows need not be sorted.
//
// The run begins at "origin", in the notation of the times (with "every", a time after the first
// row); without one, a training window after the first row, so that the first version has its
// window. What lies before is what it is trained on. `speedup` divides all times. The label is 0 or
// 1. A feature's cell may be empty: the feature is absent in that row.
#pragma once

#include <string>
#include <vector>

#include "base/config.hpp"
#include "base/time.hpp"
#include "lifecycle/model_settings.hpp"

namespace rehearse::models {

/// The columns that are features. Throws InputError.
std::vector<std::string> population_features(const config::Node& node);

/// Reads the file of a model. REQUIRES: a member "population"; all other settings are read. Throws
/// InputError, also for rows that end before the run, and for what only a drawn world has: its
/// relation, its drifts, joins with later values, defects that hang on either.
void take_population(config::Object& model, Duration duration, lifecycle::ModelSettings& settings);

}  // namespace rehearse::models
