// Reading a CSV cell as a number. What programs write for a missing value (nothing, NA, NaN, null)
// is a missing value; any other text is an InputError that names file, line and column.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/csv.hpp"

namespace rehearse::app {

bool is_missing(const std::string& cell);

/// nullopt for text that is no number; "inf" and the like are numbers.
std::optional<double> to_number(const std::string& cell);

/// Where a cell stands, for errors.
struct CellPlace {
  std::string file;
  std::string column;
  std::size_t line = 0;
  std::size_t index = 0;  ///< 0-based among the columns
};

/// NaN for a missing value. Throws InputError for text; `advice` ends its message.
double number_at(const std::string& cell, const CellPlace& place, const std::string& advice = "");

/// Numeric columns by name, read in one pass over the file; NaN where a value is missing. Columns
/// that the file does not have are absent. Throws InputError.
std::map<std::string, std::vector<double>> read_numbers(const std::filesystem::path& path,
                                                        const std::vector<std::string>& columns);

}  // namespace rehearse::app
