// Writes trace.jsonl while a run is on: everything that happens and that trace_table.hpp describes,
// one JSON object a line.
//
// Records go through a buffer of fixed size straight to the file, so a trace of any length costs
// the same memory. The writer looks at nothing but what it is told: the same run gives the same
// bytes. Order of calls: start(), what happens, finish().
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <vector>

#include "measure/trace_format.hpp"
#include "measure/trace_out.hpp"
#include "measure/trace_table.hpp"

namespace rehearse::measure {

class TraceWriter final {
 public:
  /// Throws InputError when the file cannot be made. REQUIRES: it does not exist.
  TraceWriter(const std::filesystem::path& path, TraceHeader header);

  void start(const std::vector<world::Truth>& truth, const std::vector<mds::TxReport>& bootstrap,
             const std::vector<world::Route>& edges);

  template <trace::Traced Kind>
  void on(const Kind& what, Time now) {
    trace::ObjectOut record = new_record();
    record("at", now);
    record("kind", trace::kind_of(what));
    record.members(what);
    end_record(record);
  }

  /// Writes the last record and closes the file. Throws InputError when it could not be written.
  void finish();

 private:
  trace::ObjectOut new_record() { return {buffer_, header_.run.sources}; }
  template <class State>
  void write_state(std::string_view kind, const State& state) {
    trace::ObjectOut record = new_record();
    record("kind", kind);
    record.members(state);
    end_record(record);
  }
  void end_record(trace::ObjectOut& record);
  void end_line(trace::ObjectOut& line);
  void flush();

  std::filesystem::path path_;
  TraceHeader header_;
  std::ofstream file_;
  fmt::memory_buffer buffer_;
  std::uint64_t records_ = 0;
};

}  // namespace rehearse::measure
