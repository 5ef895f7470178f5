// Small numbers for names that come up again and again: URIs of documents and ends of edges.
//
// Numbers are given in the order of first appearance, from 0, so they are the same in every run.
// The table is an open-addressed array of (part of the hash, number), half full at most: a look-up
// costs one miss of the cache for the place and one for the name, where a std::unordered_map costs
// four (measured: a third of the recorder's whole cost).
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rehearse::reports {

class Interner {
 public:
  /// The number of a name; a new one when it was never seen.
  std::uint32_t number(std::string_view name) {
    if (2 * (names_.size() + 1) > places_.size()) grow();
    const std::size_t hash = std::hash<std::string_view>{}(name);
    Place& place = places_[place_of(name, hash)];
    if (place.number == kFree) {
      place = {tag(hash), size()};
      names_.emplace_back(name);
    }
    return place.number;
  }

  std::optional<std::uint32_t> find(std::string_view name) const {
    if (places_.empty()) return std::nullopt;
    const Place& place = places_[place_of(name, std::hash<std::string_view>{}(name))];
    if (place.number == kFree) return std::nullopt;
    return place.number;
  }

  /// REQUIRES: `number` was given by number().
  const std::string& name(std::uint32_t number) const { return names_[number]; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(names_.size()); }

 private:
  static constexpr std::uint32_t kFree = 0xffffffff;
  struct Place {
    std::uint32_t tag = 0;
    std::uint32_t number = kFree;
  };

  static std::uint32_t tag(std::size_t hash) { return static_cast<std::uint32_t>(hash >> 32); }

  // Where the name is, or the free place where it belongs. REQUIRES: a free place exists.
  std::size_t place_of(std::string_view name, std::size_t hash) const {
    const std::size_t mask = places_.size() - 1;
    for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
      const Place& place = places_[at];
      if (place.number == kFree) return at;
      if (place.tag == tag(hash) && names_[place.number] == name) return at;
    }
  }

  void grow() {
    places_.assign(places_.empty() ? 64 : 2 * places_.size(), Place{});
    for (std::uint32_t i = 0; i < size(); ++i) {
      const std::size_t hash = std::hash<std::string_view>{}(names_[i]);
      places_[place_of(names_[i], hash)] = {tag(hash), i};
    }
  }

  std::deque<std::string> names_;
  std::vector<Place> places_;  // a power of two of them
};

}  // namespace rehearse::reports
