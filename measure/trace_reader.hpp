// Reads trace.jsonl and tells again what the run told, record by record.
//
// A trace may come from anywhere, so nothing in it is believed: a line that is no record of
// trace_table.hpp, times that fall, versions of a document that do not count up, and an end that is
// missing are InputErrors with the line.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "measure/trace_format.hpp"
#include "measure/trace_in.hpp"
#include "measure/trace_table.hpp"

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

  /// Tells the next record. False at the end, or when the record is later than `until`; it is then
  /// told by a call with a later time.
  template <class... Kinds>
  bool next(const models::Subscribers<std::variant<Kinds...>>& told, Time until) {
    try {
      if (!take_record(until)) return false;
      if (!(tell_if<Kinds>(told) || ...))
        refuse_kind({kind_of<Kinds>()..., own_kind_of<Kinds>()...});
    } catch (...) {
      refuse_record();
    }
    return true;
  }

 private:
  template <class Kind>
  static constexpr std::string_view kind_of() {
    if constexpr (trace::Traced<Kind>) {
      return trace::kTrace<Kind>.kind;
    } else {
      return {};
    }
  }
  template <class Kind>
  static constexpr std::string_view own_kind_of() {
    return trace::kOwnKind<Kind>.kind;
  }
  template <class Kind, class Subscribers>
  bool tell_if(const Subscribers& told) {
    if constexpr (trace::Traced<Kind>) {
      if (kind_ != kind_of<Kind>() && kind_ != own_kind_of<Kind>()) return false;
      Kind what;
      members(now_).members(what);
      if (trace::kind_of(what) != kind_) throw trace::BadRecord("what it tells is of another kind");
      accept(what);
      told.tell(what, now_);
      return true;
    } else {
      return false;
    }
  }
  template <class Kind>
  void accept(const Kind&) {}
  void accept(models::Changed& changed);

  trace::ValueIn members(Time now) const;
  bool read_line();
  [[noreturn]] void fail(const std::string& message) const;
  [[noreturn]] void refuse_record() const;
  [[noreturn]] void refuse_kind(std::vector<std::string_view> known) const;
  void read_header();
  void read_start();
  void take_state();
  bool take_record(Time until);
  void read_record();
  void check_version(const std::string& uri, std::int64_t version);

  std::string name_;
  std::ifstream file_;
  std::size_t line_ = 0;
  TraceHeader header_;
  TraceStart start_;
  std::unique_ptr<nlohmann::json> record_;  // read and not told yet, when pending_
  std::string kind_;                        // of the record
  bool pending_ = false;
  bool ended_ = false;
  std::uint64_t records_ = 0;
  Time now_;
  std::map<std::string, std::int64_t> versions_;  // newest told of each document
  std::map<std::string, world::Slot> entities_;   // of changes, by URI
};

}  // namespace rehearse::measure
