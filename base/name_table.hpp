// Names and their numbers, to be looked up both ways.
//
// A name stands in the cache line of its number, so reading it costs one miss of the cache, and
// finding its number one more in the index. A container of std::string costs two or three, and
// texts one behind the other cost a miss for where a text begins and often two for the text. Names
// too long for a line stand together behind the lines. Numbers should be nearly dense; not all
// below the highest need be taken.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "base/debug_assert.hpp"
#include "base/name_index.hpp"
#include "base/prefetch.hpp"

namespace rehearse {

class NameTable {
 public:
  static constexpr std::uint32_t kNone = NameIndex::kNone;

  /// The number of a name; kNone when it has none.
  std::uint32_t find(std::string_view name) const {
    return index_.find(name, [this](std::uint32_t number) { return text_of(lines_[number]); });
  }

  // Who will soon ask for a name or its number says so (base/prefetch.hpp): with the name, then
  // with what that returned, as the one tells where to find the other; or with the number, too.
  /// Returns bits for guess().
  std::uint32_t expect(std::string_view name) const {
    const std::uint32_t tag = NameIndex::tag_of(name);
    index_.expect(tag);
    return tag;
  }
  /// The number that the name of these bits has, if it has one; kNone when it has none.
  std::uint32_t guess(std::uint32_t tag) const { return index_.guess(tag); }
  void expect_number(std::uint32_t number) const {
    if (number < lines_.size()) prefetch(&lines_[number]);
  }

  /// REQUIRES: neither the name nor the number is taken.
  void insert(std::string_view name, std::uint32_t number) {
    assert(!has(number) && name.size() < kFree);
    debug_assert(find(name) == kNone);
    index_.insert(name, number);
    if (lines_.size() <= number) lines_.resize(std::size_t{number} + 1);
    Line& line = lines_[number];
    line.length = static_cast<std::uint32_t>(name.size());
    if (line.is_short()) {
      std::copy(name.begin(), name.end(), line.text);
    } else {
      const std::size_t place = long_.size();
      std::memcpy(line.text, &place, sizeof place);
      long_.insert(long_.end(), name.begin(), name.end());
    }
  }

  bool has(std::uint32_t number) const {
    return number < lines_.size() && lines_[number].length != kFree;
  }
  /// Valid until the next insert() or truncate(). REQUIRES: has(number).
  std::string_view name(std::uint32_t number) const {
    assert(has(number));
    return text_of(lines_[number]);
  }

  /// Takes out all numbers of `first` and above.
  void truncate(std::uint32_t first) {
    if (first >= lines_.size()) return;
    index_.truncate(first);
    lines_.resize(first);
    std::size_t end = 0;
    for (const Line& line : lines_) {
      if (line.length != kFree && !line.is_short()) {
        end = std::max(end, line.place() + line.length);
      }
    }
    long_.resize(end);
  }

  std::size_t size() const { return index_.size(); }  ///< of names

 private:
  static constexpr std::uint32_t kFree = 0xffffffff;  ///< the length of no name

  struct alignas(64) Line {
    std::uint32_t length = kFree;
    char text[60];  ///< of a long name its place in long_

    bool is_short() const { return length <= sizeof text; }
    std::size_t place() const {
      std::size_t place = 0;
      std::memcpy(&place, text, sizeof place);
      return place;
    }
  };

  std::string_view text_of(const Line& line) const {
    return {line.is_short() ? line.text : long_.data() + line.place(), line.length};
  }

  NameIndex index_;
  std::vector<Line> lines_;  ///< by number
  std::vector<char> long_;
};

}  // namespace rehearse
