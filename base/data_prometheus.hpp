// The answer of Prometheus's HTTP API to a query over a range of time: {"status": "success",
// "data": {"resultType": "matrix", "result": [{"metric": {...}, "values": [[time, "value"],
// ...]}]}}, or its "data" alone. A series is named by its label __name__; what a query computed has
// none, and its name is empty.
#pragma once

#include <filesystem>

#include "base/data_table.hpp"

namespace rehearse::data {

/// Throws InputError, also for an answer that is an error, or no range.
Table read_prometheus(const std::filesystem::path& path, const Request& request);

}  // namespace rehearse::data
