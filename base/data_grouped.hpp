// CSV with a row per point: time, metric, value, and perhaps tags.
//
// A column's part is known by its name in any case: time, timestamp, ts, date or datetime; metric,
// name, metric_name or series; value; tags or labels. A header of these alone makes a file grouped;
// where the user says that it is, any further column is a tag of its own. Tags are written k=v with
// commas or semicolons between them, in braces and quotes or not.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/data_table.hpp"

namespace rehearse::data {

bool is_grouped(const std::vector<std::string>& header);

/// A part without "=" is a tag without a value.
Tags read_tags(std::string_view text);

/// Throws InputError, also for two points of one series at one time.
Table read_grouped(const std::filesystem::path& path, const Request& request);

}  // namespace rehearse::data
