// Reads trace.jsonl and tells again what the run told, record by record.
//
// A trace may come from anywhere, so nothing in it is believed: a line that is no record, times
// that fall, versions of a document that do not count up, and an end that is missing are
// InputErrors with the line.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "measure/trace_format.hpp"

namespace rehearse::measure {

class TraceReader {
 public:
  /// Reads up to time 0. Throws InputError when there is no trace, or one of another version.
  explicit TraceReader(const std::filesystem::path& path);
  ~TraceReader();
  TraceReader(const TraceReader&) = delete;
  TraceReader& operator=(const TraceReader&) = delete;

  const TraceHeader& header() const { return header_; }
  const TraceStart& start() const { return start_; }

  /// Tells the next record. False at the end, or when the record is later than
  /// `until`; it is then told by a call with a later time.
  bool next(const models::Happenings& told, Time until);

 private:
  struct Record;
  bool read_line();
  [[noreturn]] void fail(const std::string& message) const;
  [[noreturn]] void refuse_record() const;
  void read_header();
  void read_start();
  void take_state();
  void take_record();
  void check_version(const std::string& uri, std::int64_t version);
  void tell(const models::Happenings& told);
  void tell_change(const models::Happenings& told);
  void tell_request(const models::Happenings& told);
  void tell_service(const models::Happenings& told);
  void tell_response(const models::Happenings& told);
  void tell_notice(const models::Happenings& told);
  void tell_question(const models::Happenings& told);

  std::string name_;
  std::ifstream file_;
  std::size_t line_ = 0;
  TraceHeader header_;
  TraceStart start_;
  std::unique_ptr<Record> record_;  // read and not told yet, when pending_
  bool pending_ = false;
  bool ended_ = false;
  std::uint64_t records_ = 0;
  Time now_;
  std::map<std::string, std::int64_t> versions_;  // newest told of each document
  std::map<std::string, world::Slot> entities_;   // of changes, by URI
};

}  // namespace rehearse::measure
