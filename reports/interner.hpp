// Small numbers for names that come up again and again: URIs of documents and ends of edges.
//
// Numbers are given in the order of first appearance, from 0, so they are the same in every run.
// The hash table inside is never iterated.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace rehearse::reports {

class Interner {
 public:
  /// The number of a name; a new one when it was never seen.
  std::uint32_t number(std::string_view name) {
    if (const auto known = numbers_.find(name); known != numbers_.end()) return known->second;
    const auto fresh = static_cast<std::uint32_t>(names_.size());
    names_.emplace_back(name);
    numbers_.emplace(names_.back(), fresh);
    return fresh;
  }

  std::optional<std::uint32_t> find(std::string_view name) const {
    const auto known = numbers_.find(name);
    if (known == numbers_.end()) return std::nullopt;
    return known->second;
  }

  /// REQUIRES: `number` was given by number().
  const std::string& name(std::uint32_t number) const { return names_[number]; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(names_.size()); }

 private:
  std::deque<std::string> names_;  // a deque keeps the keys' text where it is
  std::unordered_map<std::string_view, std::uint32_t> numbers_;
};

}  // namespace rehearse::reports
