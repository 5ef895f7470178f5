// What a story says of each kind of happening. A kind of which there is nothing here is told by its
// fields as a trace has them, key by key.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/text/clock_text.hpp"
#include "measure/trace_table.hpp"
#include "measure/trace_words.hpp"

namespace rehearse::reports {

/// A visitor of the fields that puts them into one text; lists are told by their length, sources
/// and hashes not at all.
class FieldsText {
 public:
  template <class Value>
  void operator()(std::string_view key, const Value& value) {
    if constexpr (!std::is_same_v<Value, measure::trace::Source> &&
                  !std::is_same_v<Value, measure::trace::Facts>) {
      if (!text_.empty()) text_ += ", ";
      text_ += key;
      text_ += ' ';
      text_ += text_of(value);
    }
  }
  std::string take() { return std::move(text_); }

 private:
  template <class Value>
  static std::string text_of(const Value& value) {
    if constexpr (std::is_enum_v<Value>) {
      return std::string(measure::trace_word(value));
    } else if constexpr (std::is_same_v<Value, Time>) {
      return clock_text(value);
    } else if constexpr (std::is_same_v<Value, Duration>) {
      return duration_text(value.to_seconds());
    } else if constexpr (requires { value.number; }) {
      return std::to_string(value.number);
    } else if constexpr (requires { value.text; }) {
      return std::string(value.text);
    } else if constexpr (requires { value.has_value(); }) {
      return text_of(*value);
    } else if constexpr (fmt::is_formattable<Value>::value) {
      return fmt::format("{}", value);
    } else {
      return std::to_string(value.size());
    }
  }

  std::string text_;
};

template <measure::trace::Traced Kind>
std::string story_words(const Kind& what) {
  FieldsText fields;
  measure::trace::kTrace<Kind>.show(what, fields);
  return fields.take();
}

std::string story_words(const models::Published& published);
std::string story_words(const models::EventFate& fate);
std::string story_words(const mds::SourceRequest& request);
std::string story_words(const models::CallServed& served);
std::string story_words(const models::CallEnded& ended);
std::string story_words(const models::Acknowledged& acknowledged);
std::string story_words(const models::ConditionChanged& changed);
std::string story_words(const models::AskedQuestion& asked);
/// Empty for what other lines say.
std::string story_words(const mds::Notice& notice);
std::string story_words(const mds::Cause& cause);

}  // namespace rehearse::reports
