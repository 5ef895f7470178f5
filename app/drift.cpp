// `rehearse drift`
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iostream>
#include <memory>

#include "app/cells.hpp"
#include "app/command.hpp"
#include "app/command_line.hpp"
#include "app/common_options.hpp"
#include "app/drift_report.hpp"
#include "base/config.hpp"
#include "base/csv.hpp"
#include "base/error.hpp"
#include "drift/column_report.hpp"
#include "drift/detectors.hpp"

namespace rehearse::app {
namespace {

struct Options {
  std::string reference, current, stream, detector = "adwin", format = "text";
  std::string binning = "quantile", method = "all";
  std::vector<std::string> columns, categorical, parameters;
};

/// One column's values as they are read: numbers, or counts of categories.
struct Column {
  std::string name;
  std::size_t index = 0;
  std::optional<bool> categorical;  ///< unknown until told or until the first value
  std::vector<double> numbers;
  drift::CategoryCounts categories;
};

constexpr const char* kAdvice = "; name the column after --categorical if its values are labels";

void take(Column& column, const std::string& cell, const std::string& file, std::size_t line) {
  if (is_missing(cell)) return;
  if (!column.categorical) column.categorical = !to_number(cell).has_value();
  if (*column.categorical) {
    ++column.categories[cell];
    return;
  }
  const double value = number_at(cell, {file, column.name, line, column.index}, kAdvice);
  if (std::isfinite(value)) column.numbers.push_back(value);
}

void read_columns(const std::string& file, std::vector<Column>& columns) {
  csv::Reader reader(file);
  for (Column& column : columns) column.index = reader.column(column.name);
  csv::Row row;
  while (reader.next(row)) {
    for (Column& column : columns) take(column, row.cells[column.index], file, row.line);
  }
}

/// The columns asked for, or those that both files have.
std::vector<std::string> choose_columns(const Options& options) {
  std::vector<std::string> names = options.columns;
  for (const std::string& name : options.categorical) {
    const bool there = std::find(names.begin(), names.end(), name) != names.end();
    if (!options.columns.empty() && !there) names.push_back(name);
  }
  if (!names.empty()) return names;
  const std::vector<std::string> of_reference = csv::Reader(options.reference).header();
  const std::vector<std::string> of_current = csv::Reader(options.current).header();
  for (const std::string& name : of_reference) {
    const bool both = std::find(of_current.begin(), of_current.end(), name) != of_current.end();
    if (both) names.push_back(name);
  }
  if (names.empty()) {
    throw InputError(
        fmt::format("{} and {} have no column in common", options.reference, options.current));
  }
  for (const std::string& name : options.categorical) {
    csv::Reader(options.reference).column(name);  // an unknown name is an error
  }
  return names;
}

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> parts;
  std::size_t from = 0;
  while (from <= list.size()) {
    const std::size_t comma = std::min(list.find(',', from), list.size());
    parts.push_back(list.substr(from, comma - from));
    from = comma + 1;
  }
  return parts;
}

std::vector<std::string> choose_methods(const std::string& wanted) {
  if (wanted == "all") return drift_methods();
  std::vector<std::string> methods = split(wanted);
  for (const std::string& method : methods) {
    const auto& known = drift_methods();
    if (std::find(known.begin(), known.end(), method) != known.end()) continue;
    const auto near = config::nearest(method, known);
    throw InputError(fmt::format("no method \"{}\"; there are all, {}{}", method,
                                 fmt::join(known, ", "),
                                 near ? fmt::format(" (did you mean {}?)", *near) : ""));
  }
  return methods;
}

drift::Wanted wanted_by(const std::vector<std::string>& methods) {
  drift::Wanted wanted{false, false};
  for (const std::string& method : methods) {
    const bool ordered = method == "wasserstein" || method == "cvm" || method == "ks";
    (ordered ? wanted.ordered : wanted.binned) = true;
  }
  return wanted;
}

int compare(const Options& options) {
  const std::vector<std::string> methods = choose_methods(options.method);
  std::vector<Column> before;
  for (const std::string& name : choose_columns(options)) {
    Column column;
    column.name = name;
    const auto& labels = options.categorical;
    if (std::find(labels.begin(), labels.end(), name) != labels.end()) column.categorical = true;
    before.push_back(column);
  }
  std::vector<Column> now = before;
  read_columns(options.reference, before);
  // The reference says what kind a column is.
  for (std::size_t i = 0; i < now.size(); ++i) now[i].categorical = before[i].categorical;
  read_columns(options.current, now);
  const drift::Binning binning =
      options.binning == "sturges" ? drift::Binning::sturges : drift::Binning::quantile;
  ColumnReports reports;
  for (std::size_t i = 0; i < now.size(); ++i) {
    reports[now[i].name] =
        before[i].categorical.value_or(false)
            ? drift::report_categories(before[i].categories, now[i].categories, binning)
            : drift::report_numbers(std::move(before[i].numbers), std::move(now[i].numbers),
                                    binning, wanted_by(methods));
  }
  std::cout << (options.format == "json" ? drift_json(reports, methods)
                                         : drift_text(reports, methods));
  return kHolds;
}

drift::DetectorParameters read_parameters(const std::vector<std::string>& given) {
  drift::DetectorParameters parameters;
  for (const std::string& one : given) {
    const std::size_t equals = one.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw InputError(fmt::format("--param {}; NAME=VALUE is due", one));
    }
    if (!parameters.emplace(one.substr(0, equals), one.substr(equals + 1)).second) {
      throw InputError(fmt::format("--param {} is given twice", one.substr(0, equals)));
    }
  }
  return parameters;
}

void check_input(const std::string& detector, double value, const Where& where) {
  if (drift::takes(detector, value)) return;
  throw InputError(where,
                   fmt::format("{} watches a model's errors: {} is due, not {}", detector,
                               detector == "hddm-a" ? "a number from 0 to 1" : "0 or 1", value));
}

/// Feeds the column row by row, in constant memory. A missing value is not fed, and keeps its place
/// in the count of rows, so that indices are those of the file.
int watch(const Options& options) {
  const auto detector = drift::make_detector(options.detector, read_parameters(options.parameters));
  if (!options.reference.empty()) {
    throw InputError(fmt::format("--stream {} is watched by itself; what is {} for?",
                                 options.stream, options.reference));
  }
  if (options.columns.size() != 1) throw InputError("--stream needs one --column");
  csv::Reader reader(options.stream);
  const std::string& name = options.columns.front();
  const std::size_t index = reader.column(name);
  drift::Signals signals;
  std::size_t place = 0;
  csv::Row row;
  for (; reader.next(row); ++place) {
    const double value = number_at(row.cells[index], {options.stream, name, row.line, index}, "");
    if (!std::isfinite(value)) continue;
    check_input(options.detector, value, {options.stream, "", row.line, index + 1});
    if (detector->update(value)) signals.drifts.push_back(place);
    if (detector->warning()) signals.warnings.push_back(place);
  }
  std::cout << (options.format == "json" ? signals_json(options.detector, signals)
                                         : signals_text(options.detector, signals, place));
  return kHolds;
}

int run_drift(const Options& options) {
  if (!options.stream.empty()) return watch(options);
  if (options.current.empty()) {
    throw InputError("REFERENCE.csv and CURRENT.csv are needed, or --stream FILE.csv");
  }
  return compare(options);
}

}  // namespace

void add_drift(CLI::App& program, Action& action) {
  Command command(program, "drift", "Measure drift between two CSV files, or find it in a stream");
  auto options = std::make_shared<Options>();
  command.option("REFERENCE", options->reference, "CSV file with a header");
  command.option("CURRENT", options->current, "CSV file with a header");
  command.option("--column", options->columns, "columns to compare [all that both have]")
      .delimiter(',');
  command.option("--categorical", options->categorical, "columns whose values are labels")
      .delimiter(',');
  command
      .option("--method", options->method,
              "all, or some of psi,kl,js,hellinger,tvd,wasserstein,cvm,ks,chi2")
      .show_default();
  command
      .option("--binning", options->binning,
              "deciles of the reference, or Sturges' rule as Evidently applies it")
      .one_of({"quantile", "sturges"})
      .show_default();
  command.option("--stream", options->stream, "CSV file to watch row by row");
  command
      .option("--detector", options->detector,
              "adwin, page-hinkley, cusum, ddm, eddm, hddm-a or kswin")
      .show_default();
  command.option("--param", options->parameters, "a detector's parameter, NAME=VALUE");
  add_format(command, options->format);
  command.footer(
      "Examples:\n"
      "  rehearse drift last_month.csv today.csv --categorical country\n"
      "  rehearse drift --stream errors.csv --column error --detector ddm\n"
      "  rehearse drift --stream load.csv --column load --param delta=0.01");
  command.callback([options, &action] { action = [options] { return run_drift(*options); }; });
}

}  // namespace rehearse::app
