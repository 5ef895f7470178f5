// What stands around the records of trace.jsonl (trace_table.hpp), for its writer and its reader;
// docs/trace.md describes the file.
//
// A trace is a header, the state before time 0, one record per thing that happens, in that
// order, and a last record that says how many there were. Records carry whole nanoseconds, so
// that replaying a trace into a recorder gives the very state that the run's own recorder had.
// Left out is what trace_table.hpp passes over: what a recorder counts but no cause rests on.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mds/store/store.hpp"
#include "measure/recorder.hpp"
#include "world/oracle.hpp"
#include "world/world.hpp"

namespace rehearse::measure {

inline constexpr std::string_view kTraceFormat = "rehearse-trace";
inline constexpr std::int64_t kTraceVersion = 1;

/// What the first line says.
struct TraceHeader {
  std::string scenario;
  std::uint64_t seed = 1;
  std::uint64_t replication = 0;
  std::string program;  ///< version of Rehearse
  RecorderConfig run;   ///< window, sources, and of the rules name and inverse
};

/// What was true and known before time 0, as Recorder::start takes it.
struct TraceStart {
  std::vector<world::Truth> truth;
  std::vector<mds::TxReport> bootstrap;
  std::vector<world::Edge> edges;
  std::vector<world::Route> routes;  ///< of those edges of which the trace tells it
};

}  // namespace rehearse::measure
