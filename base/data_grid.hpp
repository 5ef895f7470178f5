// Points of several series on one grid of times.
//
// The grid holds every time at which any series has a point. Where all gaps between those times are
// multiples of the smallest one, it also holds the times that all series miss: a scrape that
// failed leaves no point, and the table a missing value. A grid that would grow more than fourfold
// is left as it is.
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

/// The columns of a table, in the order of `series`.
std::vector<Column> align(const std::vector<TimedSeries>& series);

/// A point in time as text: seconds or milliseconds since 1970 ("1714564800", "1714564800.25",
/// "1714564800000"), or a date and time ("2024-05-01 12:00:00", "2024-05-01T12:00:00.5+02:00",
/// "2024-05-01", "12:00:00"). False when it is none.
bool read_instant(std::string_view text, Instant& instant);

}  // namespace rehearse::data
