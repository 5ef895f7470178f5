// Points of several series in rows of one step each.
//
// A column covers the whole span of a table at its metric's own step, so that a scrape that failed
// is a missing value, as is what a series lacks at either end. The step is the smallest gap between
// two points of a series where all gaps are multiples of it; clocks waver, so otherwise it is the
// median of five gaps or more, if nine in ten are within a quarter of it from a multiple. Metrics
// with different steps have columns of different lengths.
//
// A metric that keeps to no step, or would have more than four times as many rows as there are
// times, has rows of its own: the times at which any series has a point, if one series has three in
// four of them; otherwise nobody knows what is missing, and a column holds the points there are.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/data_table.hpp"

namespace rehearse::data {

/// Milliseconds, from any epoch.
using Instant = std::int64_t;

struct TimedSeries {
  std::string name;
  Tags tags;
  std::map<Instant, double> points;
};

/// The columns of a table, in the order of `series`. Throws InputError where they would be more
/// than 50 million values.
std::vector<Column> align(const std::string& file, const std::vector<TimedSeries>& series);

/// A point in time as text: seconds or milliseconds since 1970 ("1714564800", "1714564800.25",
/// "1714564800000"), or a date and time ("2024-05-01 12:00:00", "2024-05-01T12:00:00.5+02:00",
/// "2024-05-01", "12:00:00"). False when it is none.
bool read_instant(std::string_view text, Instant& instant);

}  // namespace rehearse::data
