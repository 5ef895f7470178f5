// What `rehearse drift` prints: distances per column, or the places where a detector signals.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "drift/column_report.hpp"
#include "drift/detectors.hpp"

namespace rehearse::app {

using ColumnReports = std::map<std::string, drift::ColumnReport>;

/// The distances there are, by the names that --method takes.
const std::vector<std::string>& drift_methods();

/// `methods` holds names out of drift_methods().
std::string drift_text(const ColumnReports& reports, const std::vector<std::string>& methods);
std::string drift_json(const ColumnReports& reports, const std::vector<std::string>& methods);

std::string signals_text(const std::string& detector, const drift::Signals& signals,
                         std::size_t values);
std::string signals_json(const std::string& detector, const drift::Signals& signals);

}  // namespace rehearse::app
