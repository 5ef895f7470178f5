// The columns of two files, read as what they are: numbers or labels.
//
// A column's kind comes from all of its values on both sides. It holds numbers where all values
// that are not missing are numbers, labels where most are not; a text or two among numbers is
// neither, and an InputError that says where the first stands. A column that held numbers and now
// holds labels, or the other way round, has changed its kind; both sides are then read as labels.
// Infinite values are numbers. Labels lose outer spaces, and "1" and "1.0" are one. Whole numbers
// that no double tells apart are labels (large_wholes.hpp).
//
// Wide CSV is read in one pass and constant memory but for what is kept: 8 bytes for each number,
// one entry for each label (kMostLabels at most). A column is read again where its labels begin
// with what looked like numbers.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/csv_dialect.hpp"
#include "base/data_table.hpp"
#include "drift/distances.hpp"

namespace rehearse::drift {

enum class Kind { numbers, labels };

/// "numbers", "labels".
std::string to_string(Kind kind);

inline constexpr std::size_t kMostLabels = 500'000;

/// One side of a column.
struct ColumnSide {
  std::size_t rows = 0;
  std::size_t missing = 0;
  std::size_t infinite = 0;
  std::vector<double> numbers;  ///< of a column of numbers, infinite ones included
  CategoryCounts labels;        ///< of a column of labels
  bool too_many_labels = false;
};

struct ColumnPair {
  std::string name;
  Kind kind = Kind::numbers;
  bool kind_changed = false;
  ColumnSide reference, current;
};

/// A file of columns that is read once, except for wide CSV, of which this knows the header alone.
class ColumnsFile {
 public:
  /// `grouped`: of CSV; nullopt: found by its header. Throws InputError.
  ColumnsFile(std::filesystem::path path, csv::Dialect dialect, std::optional<bool> grouped);

  const std::filesystem::path& path() const { return path_; }
  const csv::Dialect& dialect() const { return dialect_; }
  const std::vector<std::string>& names() const { return names_; }
  bool wide() const { return !table_; }
  /// REQUIRES: not wide.
  data::Table& table() { return *table_; }

 private:
  std::filesystem::path path_;
  csv::Dialect dialect_;
  std::vector<std::string> names_;
  std::optional<data::Table> table_;  ///< columns in the order of the names
};

struct ColumnsRequest {
  std::vector<std::string> columns;  ///< none: all that both files have
  std::vector<std::string> exclude;
  std::vector<std::string> numeric;  ///< read as numbers, whatever they look like
  std::vector<std::string> categorical;
};

struct ColumnPairs {
  std::vector<ColumnPair> pairs;                          ///< in the order of the reference
  std::vector<std::string> only_reference, only_current;  ///< names, where no columns are asked for
  std::vector<std::string> notes;  ///< how columns were read that may have been meant otherwise
};

/// Takes the files' values. Throws InputError, also for a column asked for that one of the files
/// does not have.
ColumnPairs read_columns(ColumnsFile& reference, ColumnsFile& current,
                         const ColumnsRequest& request);

}  // namespace rehearse::drift
