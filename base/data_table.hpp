// Numbers that people measured, as named columns, whatever the file they came in.
//
// What a reader of this layer promises: a value that was missing is NaN and keeps its place, an
// infinite one is infinite, and what can be read neither way is an InputError that says where it
// stands. Names are those of the file; nothing is dropped without being listed in `names`.
//
// Forms, found by what a file holds:
// - wide CSV: a column per metric, a row per point;
// - grouped CSV: a row per point, with columns time, metric, value and, if there are any, tags;
// - a range of Prometheus's HTTP API ("resultType": "matrix").
// Points of the last two are put in rows of one step each (data_grid.hpp), so that a point that was
// never taken is a missing value.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/csv_dialect.hpp"

namespace rehearse::data {

using Tags = std::map<std::string, std::string>;

struct Column {
  std::string name;
  Tags tags;  ///< none in wide CSV
  std::vector<double> values;
};

/// `errors`, or `errors{pod="a", zone="b"}`.
std::string full_name(const std::string& name, const Tags& tags);

struct Table {
  std::string file;
  std::string form;                ///< "CSV separated by comma", for messages
  std::vector<std::string> names;  ///< of all columns of the file, read or not, once each
  std::vector<Column> columns;     ///< of one length in wide CSV alone
};

enum class Form { wide_csv, grouped_csv, prometheus_range, metric_set_pairs, other_json };

struct Request {
  csv::Dialect dialect;
  std::optional<bool> grouped;  ///< of CSV; nullopt: found by its header
  /// The names wanted; nullopt: all. A name that the file does not have is absent in the result.
  /// The answer to a query of Prometheus may have none, and is always read.
  std::optional<std::vector<std::string>> names;
};

/// What a file holds, judged by its beginning. Throws InputError when it cannot be read.
Form find_form(const std::filesystem::path& path, const Request& request);

/// Throws InputError, also for a form that is no table of one side.
Table read_table(const std::filesystem::path& path, const Request& request);

}  // namespace rehearse::data
