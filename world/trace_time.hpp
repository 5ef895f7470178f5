// Reading the times of a trace: decimal numbers of a unit, exactly, or dates.
//
// A date is read as strptime reads it, in UTC, or in the zone that %z finds in it ("Z", "+0900",
// "+09:00", "+09"). A fraction of a second may follow the seconds wherever these stand, after a
// point or a comma, and counts to the nanosecond. The format "iso8601" takes a day, "T" or a space,
// a time and a zone, the last two where they are written; it is as RFC 3339 and ISO 8601 have it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/config.hpp"

namespace rehearse::world {

/// How the times of a column are written.
struct TimeNotation {
  std::string format;     ///< of dates; empty for numbers
  std::int64_t unit = 1;  ///< of numbers, in nanoseconds

  bool dated() const { return !format.empty(); }
};

/// Reads "format", or else "unit". Throws InputError, also for a format whose dates would depend on
/// the machine or cannot be told.
TimeNotation read_notation(config::Object& object);

/// Nanoseconds since 0, or since 1970 for a date; nullopt when `text` is not so written.
std::optional<std::int64_t> parse_time(const TimeNotation& notation, const std::string& text);

/// What is wrong with a text that parse_time does not take, and what would be right.
std::string time_problem(const TimeNotation& notation, const std::string& text);

/// Nanoseconds in "s", "ms", "us", "ns", "m", "h" or "d".
std::int64_t unit_nanoseconds(std::string_view unit);

/// Nanoseconds in `text` units, to the nearest; nullopt when it is no number or does not fit.
std::optional<std::int64_t> parse_number_of(std::string_view text, std::int64_t unit);

/// Nanoseconds since 1970 of a date; nullopt when it does not fit the format or there is no such
/// day.
std::optional<std::int64_t> parse_date(const std::string& text, const std::string& format);

}  // namespace rehearse::world
