#include "experiments/scenario/trace_window.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/text/clock_text.hpp"

namespace rehearse::experiments {
namespace {

struct Rows {
  std::size_t all = 0;  ///< that change something at some time
  std::size_t in_run = 0;
  Time first{std::numeric_limits<std::int64_t>::max()};
  Time last;  ///< when the last row first does something
};

// The operations of a row stand together.
Rows count_rows(const world::Trace& trace, Time end) {
  Rows rows;
  const auto& operations = trace.operations;
  for (std::size_t i = 0; i < operations.size();) {
    Time begin = operations[i].at;
    const std::size_t line = operations[i].line;
    for (; i < operations.size() && operations[i].line == line; ++i) {
      begin = std::min(begin, operations[i].at);
    }
    ++rows.all;
    if (begin < end) ++rows.in_run;
    rows.first = std::min(rows.first, begin);
    rows.last = std::max(rows.last, begin);
  }
  return rows;
}

/// The least whole number of a readable unit that is longer than `since_start`, as a setting.
std::string duration_beyond(Time since_start) {
  constexpr std::pair<const char*, std::int64_t> kUnits[] = {
      {"d", 86'400'000'000'000}, {"h", 3'600'000'000'000}, {"m", 60'000'000'000},
      {"s", 1'000'000'000},      {"ms", 1'000'000},        {"us", 1'000}};
  for (const auto& [name, unit] : kUnits) {
    if (since_start.ns >= 2 * unit) return fmt::format("{}{}", since_start.ns / unit + 1, name);
  }
  return fmt::format("{}ns", since_start.ns + 1);
}

std::string origin_of(const world::Trace& trace) {
  return trace.dated ? '"' + trace.first_time + '"' : trace.first_time;
}

[[noreturn]] void fail_empty(const world::Trace& trace) {
  std::string why = "has no rows";
  if (trace.rows > 0) why = "has only rows without a time or an id";
  if (trace.rows == 0 && trace.read > 0) why = "has no row that \"where\" lets through";
  throw InputError(trace.where, trace.file + " " + why + ", so nothing would happen");
}

}  // namespace

std::optional<std::string> check_window(const world::Trace& trace, Duration duration) {
  const Rows rows = count_rows(trace, Time{} + duration);
  if (rows.all == 0) fail_empty(trace);
  const std::string run = duration_text(duration.to_seconds());
  if (rows.in_run == 0) {
    throw InputError(
        trace.where,
        fmt::format("none of the {} rows of {} falls into the run of {}: the first is {} after its "
                    "start; \"origin\": {} lets the run start with it, else a \"duration\" of {} "
                    "reaches it",
                    rows.all, trace.file, run, duration_text(rows.first.to_seconds()),
                    origin_of(trace), duration_beyond(rows.first)));
  }
  if (2 * rows.in_run >= rows.all) return std::nullopt;
  const InputError placed(
      trace.where,
      fmt::format("only {} of the {} rows of {} fall into the run of {}; a \"duration\" of {} "
                  "reaches all, and \"origin\" says which time is the start",
                  rows.in_run, rows.all, trace.file, run, duration_beyond(rows.last)));
  return placed.what();
}

}  // namespace rehearse::experiments
