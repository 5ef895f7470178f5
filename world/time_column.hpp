// Where a file tells its times, and how: as numbers of a unit, or as dates.
//
//   { "unit": "s", "origin": 1700000000 }
//   { "format": "%Y-%m-%d %H:%M", "origin": "2024-03-01 00:00" }
//
// trace_time.hpp says how they are read. "origin" is in the same notation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "base/config.hpp"
#include "world/trace_time.hpp"

namespace rehearse::world {

struct TimeColumn {
  std::size_t column = 0;
  TimeNotation notation;
  std::optional<std::int64_t> origin;

  bool dated() const { return notation.dated(); }
  /// Nanoseconds, of a date since 1970; nullopt for what is no such time.
  std::optional<std::int64_t> parse(const std::string& text) const {
    return parse_time(notation, text);
  }
  /// What is wrong with a text that is no such time, and what would be right.
  std::string problem(const std::string& text) const { return time_problem(notation, text); }
};

/// Reads "unit", "format" and "origin". Throws InputError.
void read_notation(config::Object& object, TimeColumn& time);

}  // namespace rehearse::world
