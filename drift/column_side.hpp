// Gathering one column of one file without knowing yet what it holds.
#pragma once

#include <optional>
#include <string>

#include "base/csv.hpp"
#include "base/csv_cells.hpp"
#include "drift/columns.hpp"
#include "drift/large_wholes.hpp"

namespace rehearse::drift {

class Gatherer {
 public:
  /// `told`: what the column holds, where somebody has said so.
  Gatherer(std::string file, std::string name, std::size_t index, std::optional<Kind> told,
           char decimal);

  void take(const std::string& cell, std::size_t line, const csv::Reader& reader);

  const std::string& name() const { return name_; }
  /// What this side holds by itself; nullopt without values. Throws InputError for text among
  /// numbers.
  std::optional<Kind> kind() const;
  /// Whether `take_side(kind)` has all that it needs.
  bool complete(Kind kind) const;
  /// Of a column of numbers.
  const LargeWholes& large_wholes() const { return large_wholes_; }
  /// What the reader of a column of labels might have meant; else empty.
  std::string note() const;
  /// REQUIRES: complete(kind).
  ColumnSide take_side(Kind kind);

 private:
  void take_number(double value, const std::string& cell, const csv::Reader& reader);
  void count_label(const std::string& cell);
  [[noreturn]] void refuse(const std::string& advice) const;

  std::string file_, name_;
  std::size_t index_;
  std::optional<Kind> told_;
  char decimal_;
  ColumnSide side_;
  std::size_t number_cells_ = 0, text_cells_ = 0, other_decimals_ = 0;
  std::string first_text_, first_other_;
  std::size_t first_text_line_ = 0;
  bool labels_complete_ = true;
  LargeWholes large_wholes_;
};

}  // namespace rehearse::drift
