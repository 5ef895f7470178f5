// Reading CSV files (RFC 4180, header line, quotes) row by row through libcsv, in constant memory:
// a file of any length costs one buffer and one record, and a record is limited in length.
// Cells keep their spaces; lines end in LF, CRLF or CR; a byte order mark is skipped. Text that is
// not UTF-8 and quotes inside unquoted cells are errors. Errors name file, line and column.
// csv_dialect.hpp says what else may separate cells, csv_cells.hpp what a cell means.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/csv_dialect.hpp"
#include "base/error.hpp"

namespace rehearse::csv {

/// One record: its cells in header order and the line of the file on which it starts.
struct Row {
  std::vector<std::string> cells;
  std::size_t line = 0;
};

/// Streams a CSV file. The first record is the header.
class Reader {
 public:
  /// Opens the file and reads the header. Throws InputError when it cannot be read, is empty, or
  /// names a column twice.
  explicit Reader(const std::filesystem::path& path, const Dialect& dialect = kPlain);
  ~Reader();
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  const std::vector<std::string>& header() const;
  char separator() const;

  /// Index of a column. Throws InputError that lists the columns and the nearest name.
  std::size_t column(std::string_view name) const;

  /// Reads the next record into `row`; false at the end. Blank lines are skipped, but for those
  /// that the dialect takes for a missing value. Throws InputError for a record with another number
  /// of cells than the header, a quote that never closes or stands where none may, and text that is
  /// not UTF-8. After an error the reader is of no more use.
  bool next(Row& row);

  /// About how many rows the file holds, judged by the `rows` read so far; at least those.
  std::size_t expected_rows(std::size_t rows) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Where cell `index` of the record begins that starts on line `line` of a file whose cells commas
/// separate: the cell's own line, and the column in code points. Reads the file again, so that
/// records need not remember their places; the record's start where that is not possible.
Where place_of_cell(const std::filesystem::path& path, std::size_t line, std::size_t index);

}  // namespace rehearse::csv
