// Writes trace.jsonl while a run is on: everything that an Observer is told, one JSON object a
// line.
//
// Records go through a buffer of fixed size straight to the file, so a trace of any length costs
// the same memory. The writer looks at nothing but what it is told: the same run gives the same
// bytes. Order of calls: start(), the Observer's calls, finish().
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <filesystem>
#include <fstream>

#include "measure/trace_format.hpp"

namespace rehearse::measure {

class TraceWriter final : public models::Observer {
 public:
  /// Throws InputError when the file cannot be made. REQUIRES: it does not exist.
  TraceWriter(const std::filesystem::path& path, TraceHeader header);

  void start(const std::vector<world::Truth>& truth, const std::vector<mds::TxReport>& bootstrap,
             const std::vector<world::Route>& edges);

  void on_change(const world::Change& change, const world::EdgeDelta& edges) override;
  void on_publish(mds::EventId event, std::uint64_t change, Time now) override;
  void on_fate(mds::EventId event, models::Fate fate, Time now) override;
  void on_request(const mds::SourceRequest& request, Time now) override;
  void on_service_start(mds::RequestId request, std::size_t source, Duration waited,
                        Duration service, Time now) override;
  void on_response(mds::RequestId request, const mds::Response& response, std::int64_t version,
                   Time now) override;
  void on_notice(const mds::Notice& notice, Time now) override;
  void on_transaction(const mds::TxReport& report, Time now) override;
  void on_ack(mds::EventId event, Time now) override;
  void on_lost_page(mds::RequestId request, const std::vector<std::string>& uris,
                    Time now) override;
  void on_condition(models::Condition condition, Time now) override;
  void on_question(const models::AskedQuestion& question, Time now) override;

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
  std::vector<std::string> lost_page_;  // items of the page that the next service record is about
};

}  // namespace rehearse::measure
