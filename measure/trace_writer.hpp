// Writes trace.jsonl while a run is on: everything that happens, one JSON object a
// line.
//
// Records go through a buffer of fixed size straight to the file, so a trace of any length costs
// the same memory. The writer looks at nothing but what it is told: the same run gives the same
// bytes. Order of calls: start(), what happens, finish().
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <filesystem>
#include <fstream>

#include "measure/trace_format.hpp"

namespace rehearse::measure {

class TraceWriter final {
 public:
  /// Throws InputError when the file cannot be made. REQUIRES: it does not exist.
  TraceWriter(const std::filesystem::path& path, TraceHeader header);

  void start(const std::vector<world::Truth>& truth, const std::vector<mds::TxReport>& bootstrap,
             const std::vector<world::Route>& edges);

  void on(const models::Changed& changed, Time now);
  void on(const models::Published& published, Time now);
  void on(const models::EventFate& fate, Time now);
  void on(const mds::SourceRequest& request, Time now);
  void on(const models::CallServed& served, Time now);
  void on(const models::CallEnded& ended, Time now);
  void on(const mds::Notice& notice, Time now);
  void on(const mds::TxReport& report, Time now);
  void on(const models::Acknowledged& acknowledged, Time now);
  void on(const models::ConditionChanged& changed, Time now);
  void on(const models::AskedQuestion& question, Time now);

  /// Writes the last record and closes the file. Throws InputError when it could not be written.
  void finish();

 private:
  void write_header();
  void open_record(std::string_view kind);
  void open_record(std::string_view kind, Time now);
  void number(std::string_view key, std::int64_t value);
  void number(std::string_view key, std::uint64_t value);
  void facts(std::uint64_t value);
  void text(std::string_view key, std::string_view value);
  void quoted(std::string_view value);
  void source(std::size_t index);
  void texts(std::string_view key, const std::vector<std::string>& list);
  void edges(std::string_view key, const std::vector<world::Edge>& list);
  void routes(const std::vector<world::Route>& list);
  void members(const mds::TxReport& report);
  void close_record();
  void flush();

  std::filesystem::path path_;
  TraceHeader header_;
  std::ofstream file_;
  fmt::memory_buffer buffer_;
  std::uint64_t records_ = 0;
};

}  // namespace rehearse::measure
