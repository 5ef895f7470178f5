// Small numbers for names that come up again and again: URIs of documents and ends of edges.
//
// Numbers are given in the order of first appearance, from 0, so they are the same in every run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/name_table.hpp"

namespace rehearse::measure {

class Interner {
 public:
  /// The number of a name; a new one when it was never seen.
  std::uint32_t number(std::string_view name) {
    if (const auto known = find(name)) return *known;
    names_.insert(name, size());
    return size() - 1;
  }

  std::optional<std::uint32_t> find(std::string_view name) const {
    const std::uint32_t number = names_.find(name);
    if (number == NameTable::kNone) return std::nullopt;
    return number;
  }

  /// The name, which has that number, will soon be looked up.
  void expect(std::string_view name, std::uint32_t number) const {
    names_.expect(name);
    names_.expect_number(number);
  }

  /// REQUIRES: `number` was given by number().
  std::string name(std::uint32_t number) const { return std::string(names_.name(number)); }
  std::uint32_t size() const { return static_cast<std::uint32_t>(names_.size()); }

 private:
  NameTable names_;
};

}  // namespace rehearse::measure
