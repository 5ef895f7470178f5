// Writes what trace_table.hpp describes as JSON objects, member by member.
#pragma once

#include <fmt/format.h>

#include <concepts>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <vector>

#include "measure/recorder.hpp"
#include "measure/trace_fields.hpp"
#include "measure/trace_words.hpp"

namespace rehearse::measure::trace {

/// One object, and a visitor of the fields that are its members.
class ObjectOut {
 public:
  /// REQUIRES: both outlive this.
  ObjectOut(fmt::memory_buffer& buffer, const std::vector<MeasuredSource>& sources)
      : buffer_(buffer), sources_(sources) {}

  template <class Value>
  void operator()(std::string_view key, const Value& value) {
    if constexpr (std::is_same_v<Value, Source>) {
      if (value.index >= sources_.size()) return;
    }
    begin_member(key);
    write(value);
  }
  template <class Owner>
  void members(const Owner& owner) {
    kTrace<Owner>.show(owner, *this);
  }
  void end();

 private:
  template <class Value>
  void write(const Value& value) {
    if constexpr (std::is_same_v<Value, bool>) {
      raw(value ? "true" : "false");
    } else if constexpr (std::is_enum_v<Value>) {
      text(trace_word(value));
    } else if constexpr (std::signed_integral<Value>) {
      whole(value);
    } else if constexpr (std::unsigned_integral<Value>) {
      natural(value);
    } else if constexpr (std::convertible_to<Value, std::string_view>) {
      text(value);
    } else if constexpr (requires { value.ns; }) {
      whole(value.ns);
    } else if constexpr (requires { value.has_value(); }) {
      write(*value);
    } else if constexpr (Described<Value>) {
      ObjectOut part(buffer_, sources_);
      part.members(value);
      part.end();
    } else if constexpr (requires { value.begin(); }) {
      list(value);
    } else {
      form(value);
    }
  }
  template <class List>
  void list(const List& values) {
    const char* separator = "[";
    for (const auto& value : values) {
      raw(separator);
      write(value);
      separator = ",";
    }
    raw(values.empty() ? "[]" : "]");
  }
  void form(Id id) { natural(id.number); }
  void form(Uri uri) { text(uri.text); }
  void form(Facts facts);
  void form(Source source) { text(sources_[source.index].name); }

  void begin_member(std::string_view key);
  void raw(std::string_view text) { buffer_.append(text.data(), text.data() + text.size()); }
  void whole(std::int64_t value);
  void natural(std::uint64_t value);
  void text(std::string_view value);

  fmt::memory_buffer& buffer_;
  const std::vector<MeasuredSource>& sources_;
  char before_ = '{';  // what stands before the next member
};

}  // namespace rehearse::measure::trace
