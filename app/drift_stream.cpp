#include "app/drift_stream.hpp"

#include <fmt/format.h>

#include <cmath>

#include "app/column_names.hpp"
#include "base/csv.hpp"
#include "base/csv_cells.hpp"
#include "base/data_table.hpp"
#include "base/error.hpp"
#include "base/text/utf8.hpp"
#include "drift/detectors.hpp"

namespace rehearse::app {
namespace {

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

class Watcher {
 public:
  explicit Watcher(const StreamOptions& options)
      : detector_(drift::make_detector(options.detector, read_parameters(options.parameters))) {
    result_.detector = options.detector;
  }

  void take(double value, const Where& where) {
    const std::size_t place = result_.values++;
    if (std::isnan(value)) {
      ++result_.missing;
      return;
    }
    check_input(result_.detector, value, where);
    if (std::isinf(value)) {
      result_.infinite.push_back(place);
      if (last_ != value) result_.signals.drifts.push_back(place);
    } else {
      if (detector_->update(value)) result_.signals.drifts.push_back(place);
      if (detector_->warning()) result_.signals.warnings.push_back(place);
    }
    last_ = value;
  }

  StreamResult result() { return std::move(result_); }

 private:
  std::unique_ptr<drift::Detector> detector_;
  StreamResult result_;
  double last_ = 0;
};

void watch_wide(const StreamOptions& options, const std::vector<std::string>& columns,
                csv::Reader& reader, Watcher& watcher) {
  const std::string& name = columns.front();
  const std::size_t index = reader.column(name);
  const char decimal = options.data.dialect().decimal;
  for (csv::Row row; reader.next(row);) {
    const double value =
        csv::number_at(row.cells[index], decimal, {options.file, name, row.line, index});
    watcher.take(value, {options.file, "", row.line, index + 1});
  }
}

/// A series of a file that is no wide CSV; it has to be put in order, so all of it is read.
void watch_series(const StreamOptions& options, const data::Request& request, Watcher& watcher) {
  const data::Table table = data::read_table(options.file, request);
  std::vector<std::string> names;
  for (const data::Column& column : table.columns) {
    names.push_back(data::full_name(column.name, column.tags));
  }
  const std::vector<std::string> wanted = split_names(options.columns, names);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (wanted.size() != 1 || names[i] != wanted.front()) continue;
    for (const double value : table.columns[i].values)
      watcher.take(value, {options.file, "", 0, 0});
    return;
  }
  throw InputError({options.file, "", 0, 0},
                   fmt::format("has no series \"{}\"; there are: {}",
                               printable(fmt::format("{}", fmt::join(wanted, ","))),
                               printable(fmt::format("{}", fmt::join(names, ", ")), 400)));
}

}  // namespace

StreamResult watch(const StreamOptions& options) {
  Watcher watcher(options);
  if (options.columns.empty()) throw InputError("--stream needs one --column");
  data::Request request{options.data.dialect(), options.data.grouped(), std::nullopt};
  if (data::find_form(options.file, request) != data::Form::wide_csv) {
    watch_series(options, request, watcher);
    return watcher.result();
  }
  csv::Reader reader(options.file, request.dialect);
  const std::vector<std::string> columns = split_names(options.columns, reader.header());
  if (columns.size() != 1) throw InputError("--stream needs one --column");
  watch_wide(options, columns, reader, watcher);
  return watcher.result();
}

}  // namespace rehearse::app
