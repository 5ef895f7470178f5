// A 95% interval as a member of results.
#pragma once

#include <optional>

#include "base/text/json_writer.hpp"
#include "stats/intervals.hpp"

namespace rehearse::reports {

/// "interval95": [low, high], or null where there are too few values for one.
void write_interval95(JsonWriter& json, const std::optional<stats::Interval>& interval);

}  // namespace rehearse::reports
