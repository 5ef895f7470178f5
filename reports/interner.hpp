// Small numbers for names that come up again and again: URIs of documents and ends of edges.
//
// Numbers are given in the order of first appearance, from 0, so they are the same in every run.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "base/name_index.hpp"

namespace rehearse::reports {

class Interner {
 public:
  /// The number of a name; a new one when it was never seen.
  std::uint32_t number(std::string_view name) {
    if (const auto known = find(name)) return *known;
    index_.insert(name, size());
    names_.emplace_back(name);
    return size() - 1;
  }

  std::optional<std::uint32_t> find(std::string_view name) const {
    const std::uint32_t number = index_.find(
        name, [this](std::uint32_t known) -> std::string_view { return names_[known]; });
    if (number == NameIndex::kNone) return std::nullopt;
    return number;
  }

  /// REQUIRES: `number` was given by number().
  const std::string& name(std::uint32_t number) const { return names_[number]; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(names_.size()); }

 private:
  std::deque<std::string> names_;
  NameIndex index_;
};

}  // namespace rehearse::reports
