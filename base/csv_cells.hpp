// What a cell of a CSV file means: a number, a missing value, or text.
//
// Missing is what programs write for a value they do not have: nothing, NA, N/A, #N/A, <NA>, null,
// None, nan. Numbers may be infinite (inf, +Inf, -Infinity, and what no double holds): an infinite
// value is extreme, never missing. Outer spaces are no part of a cell's meaning.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rehearse::csv {

enum class CellKind { missing, number, text };

struct Cell {
  CellKind kind = CellKind::missing;
  double value = 0;  ///< of a number; never NaN
};

/// `decimal` is what a fraction begins with, '.' or ','.
Cell read_cell(std::string_view text, char decimal = '.');

std::string_view trimmed(std::string_view text);

/// A category's name: outer spaces are left out, and a whole or decimal number is written in one
/// way ("1", "1.0" and "+1" are one label). Leading zeros stay: "07" is a code and no number.
std::string label_of(std::string_view text);

/// Whether the text is a number when its fraction begins with the other of '.' and ',', and none
/// with `decimal`.
bool has_other_decimal(std::string_view text, char decimal);

/// What to do about such a text, to follow an error's message; else empty.
std::string decimal_advice(std::string_view text, char decimal);

/// Where a cell stands, for errors.
struct CellPlace {
  std::string file;
  std::string column;
  std::size_t line = 0;
  std::size_t index = 0;  ///< 0-based among the columns
};

/// Throws the InputError for text where a number is due, with what a fraction begins with there;
/// `advice` ends its message.
[[noreturn]] void refuse_text(std::string_view text, const CellPlace& place, char decimal,
                              const std::string& advice = "");

/// NaN for a missing value. Throws InputError for text.
double number_at(std::string_view text, char decimal, const CellPlace& place,
                 const std::string& advice = "");

}  // namespace rehearse::csv
