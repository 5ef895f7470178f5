// JSON read in place: the values of a text in one list, without a tree on the heap.
//
// A payload is read once, a few of its members are looked at, and it is gone; a node on the heap
// for each value cost more than all the rest of normalising it. Here the values stand in a vector
// in the order of the text, each with the number of values it spans, and texts are views into what
// was read, or into a buffer beside it where they have escapes.
//
// Grammar: RFC 8259, with UTF-8 checked and a byte order mark before the text ignored. Of members
// with the same name the last one counts; whole numbers that 64 bits do not hold become reals;
// reals beyond a double's range are flaws. nlohmann::json makes the same of every text (the tests
// hold this against it).
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace rehearse::mds {

/// `large`: a whole number above the largest std::int64_t.
enum class JsonKind : std::uint8_t { null, boolean, integer, large, real, text, array, object };

/// A value, followed by its items (an array) or by the names and values of its members in turn.
struct JsonValue {
  JsonKind kind = JsonKind::null;
  std::uint32_t span = 1;  ///< values up to the next one beside it, this one included
  union {                  ///< as the kind says
    std::int64_t integer = 0;
    std::uint64_t large;
    double real;
    bool truth;
  };
  std::string_view text;

  bool is(JsonKind wanted) const { return kind == wanted; }
  const JsonValue* next() const { return this + span; }
  std::size_t size() const;  ///< items of an array
  /// The member of that name; nullptr when there is none, or this is no object.
  const JsonValue* member(std::string_view name) const;
};

/// The items of an array, to be walked with a range-based for. REQUIRES: `array` is one.
class JsonItems {
 public:
  explicit JsonItems(const JsonValue& array) : first_(&array + 1), end_(array.next()) {
    assert(array.is(JsonKind::array));
  }

  class Iterator {
   public:
    explicit Iterator(const JsonValue* at) : at_(at) {}
    const JsonValue& operator*() const { return *at_; }
    Iterator& operator++() {
      at_ = at_->next();
      return *this;
    }
    bool operator!=(const Iterator& other) const { return at_ != other.at_; }

   private:
    const JsonValue* at_;
  };
  Iterator begin() const { return Iterator(first_); }
  Iterator end() const { return Iterator(end_); }

 private:
  const JsonValue* first_;
  const JsonValue* end_;
};

/// A text that was read. Values and their texts are valid while this and the text are.
class JsonText {
 public:
  enum class Flaw : std::uint8_t { none, malformed, too_deep };

  /// Arrays and objects may lie in each other `deepest` times.
  JsonText(std::string_view text, int deepest);
  JsonText(JsonText&&) = default;
  JsonText& operator=(JsonText&&) = default;

  Flaw flaw() const { return flaw_; }
  /// REQUIRES: no flaw.
  const JsonValue& value() const {
    assert(flaw_ == Flaw::none);
    return values_.front();
  }

 private:
  class Parser;

  std::vector<JsonValue> values_;
  std::vector<char> unescaped_;  ///< texts that had escapes, one after the other; never moves
  Flaw flaw_ = Flaw::none;
};

}  // namespace rehearse::mds
