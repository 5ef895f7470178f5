// Moments of a run as the command line takes them, in every command the same: "3m" or "1h" since
// its start, hours and minutes ("03:10"), or the clock as answers print it ("00:06:00.25", "1d
// 02:00:00"), so that a time can be copied from one answer into the next question.
#pragma once

#include <string>

#include "base/time.hpp"

namespace rehearse::app {

/// `option` names the option in errors. Throws InputError.
Time parse_moment(const std::string& text, const std::string& option);

/// Durations only.
Duration parse_span(const std::string& text, const std::string& option);

}  // namespace rehearse::app
