// Traces: real logs replayed as changes of a source.
//
//   { "csv": "trace.csv", "where": { "qos": "LS", "pod_phase": ["Succeeded", "Failed"] },
//     "time": { "column": "creation_time", "unit": "s" }, "op": "create", "type": "PipelineRun",
//     "id": "name", "fields": { "state": "pod_phase" }, "refs": { "pipeline": "qos" },
//     "then": [ { "op": "update", "time": { "column": "scheduled_time" },
//                 "fields": { "state": { "value": "running" } } } ],
//     "speedup": 1 }
//
// Ids, fields and references are a column's name, { "value": X }, { "template": "of-{name}" }, or,
// for references, { "column": "inputs", "separator": ";" }. An empty cell gives no value. `op` is
// create, update, delete, or upsert: create what does not exist yet, else update.
//
// Times: numbers count in `unit` (ns us ms s m h d) from the start of the run; dates ("format", see
// world/trace_time.hpp) count from the earliest date in the file's `time` column. "origin" in
// `time` names another zero, in the same notation; seconds since 1970 are numbers with an origin.
// `speedup` divides all times. Rows need not be sorted; at equal times the order of the file stays.
// A row with an empty time is skipped and counted, and so is an operation with an empty id or a
// `then` with an empty time.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/config.hpp"
#include "base/error.hpp"
#include "world/shape.hpp"
#include "world/world.hpp"

namespace rehearse::world {

struct TracedOperation {
  Time at;
  Operation operation;
  bool upsert = false;
  std::size_t line = 0;  ///< of the file
};

struct Trace {
  std::string file;
  std::vector<TracedOperation> operations;  ///< in the order of the file
  std::size_t read = 0;                     ///< rows of the file
  std::size_t rows = 0;                     ///< those that `where` let through
  std::size_t skipped = 0;                  ///< for an empty time or id
  std::string first_time;                   ///< the earliest of the `time` column, as written
  bool dated = false;                       ///< that column holds dates, else numbers
  Where where;                              ///< of the settings of the `time` column
};

/// Reads a trace's settings and its file. Throws InputError.
Trace read_trace(const config::Node& node, const SourceShape& shape);

}  // namespace rehearse::world
