// Names and their numbers, to be looked up both ways.
//
// The texts stand one after the other in one piece of memory, each behind its length, so reading a
// name costs one miss of the cache where a container of std::string costs two or three, and a third
// of the memory. Numbers should be nearly dense; not all below the highest need be taken.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "base/name_index.hpp"

namespace rehearse {

class NameTable {
 public:
  static constexpr std::uint32_t kNone = NameIndex::kNone;

  /// The number of a name; kNone when it has none.
  std::uint32_t find(std::string_view name) const {
    return index_.find(name, [this](std::uint32_t number) { return text_of(number); });
  }

  /// REQUIRES: neither the name nor the number is taken.
  void insert(std::string_view name, std::uint32_t number) {
    assert(!has(number) && find(name) == kNone);
    index_.insert(name, number);
    if (places_.size() <= number) places_.resize(std::size_t{number} + 1, kNowhere);
    places_[number] = texts_.size();
    const auto length = static_cast<std::uint32_t>(name.size());
    texts_.resize(texts_.size() + sizeof length + name.size());
    char* to = texts_.data() + places_[number];
    std::memcpy(to, &length, sizeof length);
    std::memcpy(to + sizeof length, name.data(), name.size());
  }

  bool has(std::uint32_t number) const {
    return number < places_.size() && places_[number] != kNowhere;
  }
  /// Valid until the next insert() or truncate(). REQUIRES: has(number).
  std::string_view name(std::uint32_t number) const {
    assert(has(number));
    return text_of(number);
  }

  /// Takes out all numbers of `first` and above.
  void truncate(std::uint32_t first) {
    if (first >= places_.size()) return;
    index_.truncate(first);
    places_.resize(first);
    std::size_t end = 0;
    for (const std::size_t place : places_) {
      if (place != kNowhere && place >= end) end = place + length_at(place) + sizeof(std::uint32_t);
    }
    texts_.resize(end);
  }

  std::size_t size() const { return index_.size(); }  ///< of names

 private:
  static constexpr std::size_t kNowhere = ~std::size_t{0};

  std::uint32_t length_at(std::size_t place) const {
    std::uint32_t length = 0;
    std::memcpy(&length, texts_.data() + place, sizeof length);
    return length;
  }
  std::string_view text_of(std::uint32_t number) const {
    const std::size_t place = places_[number];
    return {texts_.data() + place + sizeof(std::uint32_t), length_at(place)};
  }

  NameIndex index_;
  std::vector<std::size_t> places_;  ///< of the texts, by number
  std::vector<char> texts_;
};

}  // namespace rehearse
