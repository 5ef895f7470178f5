// Times and durations for people: "01:10:23", "2d 04:00:00.5", "12.5 s", "3.2 min".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace rehearse {

/// An instant as days and a clock, fractions of a second as far as they are not 0.
std::string clock_text(Time time);

/// An instant as clock_text writes it, seconds being optional ("03:10", "2d 04:00:00.5"), or as a
/// duration since the start of the run ("190m", "36h"). nullopt for anything else.
std::optional<Time> parse_clock_text(std::string_view text);

/// Seconds in the unit that suits their size, with three significant digits.
std::string duration_text(double seconds);

}  // namespace rehearse
