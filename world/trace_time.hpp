// Reading the times of a trace: decimal numbers of a unit, exactly, or dates.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rehearse::world {

/// Nanoseconds in "s", "ms", "us", "ns", "m", "h" or "d".
std::int64_t unit_nanoseconds(std::string_view unit);

/// Nanoseconds in `text` units, to the nearest; nullopt when it is no number or does not fit.
std::optional<std::int64_t> parse_number_of(std::string_view text, std::int64_t unit);

/// Nanoseconds since 1970 of a date in UTC; `format` as in strptime, a fraction of a second may
/// follow. nullopt when it does not fit the format or there is no such day.
std::optional<std::int64_t> parse_date(const std::string& text, const std::string& format);

}  // namespace rehearse::world
