// Reads what trace_table.hpp describes out of JSON objects. Nothing in them is believed: a member
// that is missing, of another type or out of range is a BadRecord that names it.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/time.hpp"
#include "measure/recorder.hpp"
#include "measure/trace_fields.hpp"
#include "measure/trace_words.hpp"

namespace rehearse::measure::trace {

/// What a record says that no trace would.
struct BadRecord : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A value in a record; an object where its members are asked for.
class ValueIn {
 public:
  /// A whole record, told at `now`. REQUIRES: all outlive this.
  ValueIn(const nlohmann::json& value, const std::vector<MeasuredSource>& sources, Time now)
      : value_(value), sources_(sources), now_(now) {}

  Time now() const { return now_; }
  bool has(std::string_view key) const { return find(key) != nullptr; }
  ValueIn member(std::string_view key) const;

  /// All members that are described.
  template <class Owner>
  void members(Owner& owner) const {
    kTrace<Owner>.read(*this, owner);
  }
  /// One member.
  template <class Form, class Value>
  void read(std::string_view key, Form form, Value& value) const {
    if constexpr (std::is_same_v<Form, FormAs<Source>>) {
      set(value, has(key) ? member(key).source() : sources_.size());
    } else {
      member(key).take(form, value);
    }
  }

  std::string_view text() const;
  std::uint64_t natural() const;
  [[noreturn]] void refuse(const std::string& what) const;  ///< `"KEY" what`

 private:
  ValueIn(const nlohmann::json& value, const ValueIn& parent, std::string_view key,
          std::size_t index)
      : value_(value),
        sources_(parent.sources_),
        now_(parent.now_),
        parent_(&parent),
        key_(key),
        index_(index) {}

  template <class Value>
  static void set(Value& value, std::uint64_t number) {
    if constexpr (requires { value.value; }) {
      value.value = static_cast<decltype(value.value)>(number);
    } else if constexpr (requires { value.number; }) {
      value.number = static_cast<decltype(value.number)>(number);
    } else {
      value = number;
    }
  }
  template <class Value>
  void take(FormAs<Id>, Value& value) const {
    set(value, natural());
  }
  void take(FormAs<Uri>, std::string& value) const { value = text(); }
  void take(FormAs<Facts>, std::uint64_t& value) const { value = facts(); }
  void take(FormAs<Past>, Time& value) const { value = past(); }
  template <class Value>
  void take(PlainForm, Value& value) const {
    if constexpr (std::is_same_v<Value, bool>) {
      value = flag();
    } else if constexpr (std::is_enum_v<Value>) {
      value = word<Value>();
    } else if constexpr (std::unsigned_integral<Value>) {
      value = natural();
    } else if constexpr (std::signed_integral<Value>) {
      using Limits = std::numeric_limits<Value>;
      value = static_cast<Value>(whole(Limits::min(), Limits::max()));
    } else if constexpr (std::is_same_v<Value, std::string>) {
      value = text();
    } else if constexpr (requires { value.ns; }) {
      value.ns = nanoseconds();
    } else if constexpr (requires { value.has_value(); }) {
      take(PlainForm{}, value.emplace());
    } else if constexpr (Described<Value>) {
      members(value);
    } else {
      list(value);
    }
  }
  template <class Value>
  void list(std::vector<Value>& values) const {
    const std::size_t count = items();
    values.clear();
    for (std::size_t i = 0; i < count; ++i) item(i).take(PlainForm{}, values.emplace_back());
  }
  template <class Enum>
  Enum word() const {
    const std::string_view said = text();
    if (const auto value = from_trace_word<Enum>(said)) return *value;
    refuse_word(said, {kTraceWords<Enum>.begin(), kTraceWords<Enum>.end()});
  }

  const nlohmann::json* find(std::string_view key) const;
  ValueIn item(std::size_t index) const;
  std::size_t items() const;
  bool flag() const;
  std::int64_t whole(std::int64_t least, std::int64_t most) const;
  std::int64_t nanoseconds() const;
  Time past() const;
  std::uint64_t facts() const;
  std::size_t source() const;
  [[noreturn]] void refuse_word(std::string_view said, const std::vector<std::string>& words) const;
  [[noreturn]] void refuse_type(const char* wanted) const;
  std::string path() const;

  const nlohmann::json& value_;
  const std::vector<MeasuredSource>& sources_;
  Time now_;
  const ValueIn* parent_ = nullptr;
  std::string_view key_;   // of an item: none
  std::size_t index_ = 0;  // of an item
};

}  // namespace rehearse::measure::trace
