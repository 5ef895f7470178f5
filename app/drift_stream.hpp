// `rehearse drift --stream`: a column watched row by row, in constant memory.
#pragma once

#include <string>
#include <vector>

#include "app/data_options.hpp"
#include "app/drift_report.hpp"

namespace rehearse::app {

struct StreamOptions {
  std::string file, detector = "adwin";
  std::vector<std::string> columns, parameters;  ///< one column; NAME=VALUE
  DataOptions data;
};

/// Feeds the column to the detector. A missing value is not fed, and keeps its place in the count
/// of rows, so that indices are those of the file. An infinite value would spoil a detector's sums
/// for ever, and is no news that needs one: where a run of them begins is a drift, and it is not
/// fed either. Throws InputError.
StreamResult watch(const StreamOptions& options);

}  // namespace rehearse::app
