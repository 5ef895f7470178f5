// What `rehearse drift` prints: a verdict, then the columns, those that ask most of a reader first
// and each with its reading before its numbers; or the places where a detector signals.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/data_options.hpp"
#include "drift/column_report.hpp"
#include "drift/detectors.hpp"
#include "drift/gate.hpp"
#include "drift/reading.hpp"

namespace rehearse::app {

struct ComparedColumn {
  std::string name;
  drift::ColumnReport report;
  drift::Reading reading;
};

struct Comparison {
  std::vector<ComparedColumn> columns;  ///< sorted by severity, then as in the file
  std::vector<std::string> gone;        ///< of the reference, not in the current data
  std::vector<std::string> added;
  std::size_t tests = 0;                               ///< that the readings share
  std::vector<std::string> methods;                    ///< out of drift_methods()
  std::optional<std::vector<drift::Breach>> breaches;  ///< nullopt without a gate

  /// The gravest reading; a column that is gone is large drift.
  drift::Severity severity() const;
  bool passes() const { return !breaches || breaches->empty(); }
};

/// The distances there are, by the names that --method takes.
const std::vector<std::string>& drift_methods();

std::string drift_text(const Comparison& comparison);
std::string drift_json(const Comparison& comparison);
Checklist drift_checklist(const Comparison& comparison);

/// The first line of the text: the verdict.
std::string drift_verdict(const Comparison& comparison);
/// Counts and distances of a column as words, for text, JUnit and Markdown.
std::string counts_text(const drift::ColumnReport& report);
std::string distances_text(const drift::ColumnReport& report,
                           const std::vector<std::string>& methods);
/// "; did you mean X?" among the columns that are new.
std::string renamed_text(const std::string& gone, const std::vector<std::string>& added);

/// What a detector found in a stream.
struct StreamResult {
  std::string detector;
  drift::Signals signals;
  std::vector<std::size_t> infinite;  ///< indices of infinite values
  std::size_t values = 0;             ///< rows of the file
  std::size_t missing = 0;
};

std::string signals_text(const StreamResult& result);
std::string signals_json(const StreamResult& result);

}  // namespace rehearse::app
