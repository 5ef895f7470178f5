// Writes a JSON document from front to back: what stands between its values, in lines or packed.
//
// Results are documents that people look at and that programs compare byte by byte: what matters
// has a line of its own, what belongs together stays on one. No tree of a document is made; one of
// thousands of runs is written while it is told.
#pragma once

#include <concepts>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rehearse {

class JsonWriter {
 public:
  /// `lines`: every item on a line of its own. What lies in something packed is packed.
  enum class Layout : std::uint8_t { packed, lines };

  JsonWriter() = default;
  /// What is written will stand inside of so many objects and arrays in lines: see `json`.
  explicit JsonWriter(std::size_t depth) : depth_(depth) {}

  JsonWriter& object(Layout layout = Layout::packed) { return open('{', layout); }
  JsonWriter& array(Layout layout = Layout::packed) { return open('[', layout); }
  /// Ends the innermost object or array.
  JsonWriter& end();

  /// The name of the member whose value comes next. REQUIRES: in an object.
  JsonWriter& key(std::string_view name);

  JsonWriter& value(std::string_view text);
  JsonWriter& value(const std::string& text) { return value(std::string_view(text)); }
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(double number);  ///< REQUIRES: finite
  JsonWriter& value(bool truth);
  JsonWriter& value(std::integral auto number) { return json(std::to_string(number)); }
  JsonWriter& null() { return json("null"); }
  /// The value, or null.
  template <class Value>
  JsonWriter& value(const std::optional<Value>& value_or_null) {
    return value_or_null ? value(*value_or_null) : null();
  }
  /// A value that is JSON already.
  JsonWriter& json(std::string_view text);

  template <class Value>
  JsonWriter& member(std::string_view name, const Value& given) {
    return key(name).value(given);
  }

  /// Hands over what was written since the last call.
  void write_to(std::ostream& out);
  /// The whole document, with a newline at its end if it is in lines. REQUIRES: all is ended.
  std::string take();

 private:
  struct Open {
    char bracket;
    Layout layout;
    bool empty;
  };

  JsonWriter& open(char bracket, Layout layout);
  Layout layout() const { return open_.empty() ? Layout::packed : open_.back().layout; }
  void before_value();
  void separate();
  void break_line();

  std::string text_;
  std::vector<Open> open_;
  std::size_t depth_ = 0;
  bool named_ = false;  ///< the next value belongs to the name just written
  bool in_lines_ = false;
};

}  // namespace rehearse
