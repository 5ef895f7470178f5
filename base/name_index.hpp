// Small numbers by name, for tables that keep the names themselves.
//
// An open-addressed array of (32 bits of the hash, number), half full at most. A name is compared
// only where those bits agree, so a look-up costs one miss of the cache here and those of the one
// name that is compared; a std::unordered_map costs four (measured: 3% of a run for the sources'
// states alone). Nothing here has an order that could reach a result.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "base/prefetch.hpp"

namespace rehearse {

class NameIndex {
 public:
  static constexpr std::uint32_t kNone = 0xffffffff;

  /// The number of a name; kNone when it has none. `name_of(number)` is the name of a number that
  /// is in the index.
  template <class NameOf>
  std::uint32_t find(std::string_view name, const NameOf& name_of) const {
    if (places_.empty()) return kNone;
    const std::uint32_t tag = tag_of(name);
    for (std::size_t at = tag & mask();; at = (at + 1) & mask()) {
      const Place& place = places_[at];
      if (place.number == kNone || (place.tag == tag && name_of(place.number) == name)) {
        return place.number;
      }
    }
  }

  /// The bits of a name's hash that stand in the index.
  static std::uint32_t tag_of(std::string_view name) {
    return static_cast<std::uint32_t>(std::hash<std::string_view>{}(name));
  }
  /// A name with these bits will soon be looked for (base/prefetch.hpp).
  void expect(std::uint32_t tag) const {
    if (!places_.empty()) prefetch(&places_[tag & mask()]);
  }
  /// The number of the first name with these bits; kNone when there is none. Touches the index
  /// alone.
  std::uint32_t guess(std::uint32_t tag) const {
    if (places_.empty()) return kNone;
    std::size_t at = tag & mask();
    while (places_[at].number != kNone && places_[at].tag != tag) at = (at + 1) & mask();
    return places_[at].number;
  }

  /// REQUIRES: the name is not in the index; the number is not kNone.
  void insert(std::string_view name, std::uint32_t number) {
    assert(number != kNone);
    if (2 * (size_ + 1) > places_.size()) grow();
    put({tag_of(name), number});
    ++size_;
  }

  /// Takes out all numbers of `first` and above.
  void truncate(std::uint32_t first) {
    const std::vector<Place> before = places_;
    clear(places_.size());
    for (const Place& place : before) {
      if (place.number < first) {  // kNone is not
        put(place);
        ++size_;
      }
    }
  }

  std::size_t size() const { return size_; }

 private:
  struct Place {
    std::uint32_t tag = 0;
    std::uint32_t number = kNone;
  };
  static constexpr std::size_t kFirstPlaces = 64;  // a power of two, as all sizes are

  std::size_t mask() const { return places_.size() - 1; }

  void put(const Place& entry) {
    assert(2 * size_ <= places_.size());  // so a search ends
    std::size_t at = entry.tag & mask();
    while (places_[at].number != kNone) at = (at + 1) & mask();
    places_[at] = entry;
  }
  void clear(std::size_t places) {
    places_.assign(places, Place{});
    size_ = 0;
  }
  void grow() {
    const std::vector<Place> before = places_;
    const std::size_t size = size_;
    clear(before.empty() ? kFirstPlaces : 2 * before.size());
    for (const Place& place : before) {
      if (place.number != kNone) put(place);
    }
    size_ = size;
  }

  std::vector<Place> places_;
  std::size_t size_ = 0;
};

}  // namespace rehearse
