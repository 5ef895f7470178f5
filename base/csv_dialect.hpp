// How people's CSV files differ: what separates the cells, and what a fraction begins with.
//
// A separator is found from the beginning of a file: of comma, semicolon, tab and pipe the one that
// parts the header and occurs as often in the lines after it. A first line "sep=;", as spreadsheet
// programs write and read it, says it outright.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rehearse::csv {

/// What a reader is told of a file.
struct Dialect {
  std::optional<char> separator;  ///< nullopt: found in the file
  char decimal = '.';
  /// A file of one column writes a missing value as an empty line. In files of more columns, and
  /// where this is not set, blank lines are nothing.
  bool blank_is_missing = true;
};

/// What programs write for each other: commas, and blank lines are nothing.
inline constexpr Dialect kPlain{',', '.', false};

/// The separator of a file that begins with `text`; `otherwise` where none parts its header.
char find_separator(std::string_view text, char otherwise = ',');

/// The separator that a first line "sep=;" names. `length` becomes the line's length with its end.
std::optional<char> declared_separator(std::string_view text, std::size_t& length);

/// "comma", "semicolon", "tab", "pipe", or the character in quotes.
std::string separator_name(char separator);

/// A separator as the user names it: one ASCII character, or one of the words above. nullopt for
/// anything else, and for what no separator may be: quotes, line ends, letters and digits.
std::optional<char> to_separator(std::string_view word);

/// The column that somebody who wrote `name` meant: one that is equal but for case, spaces and
/// signs, else the one within a few letters.
std::optional<std::string> nearest_column(std::string_view name,
                                          const std::vector<std::string>& columns);

}  // namespace rehearse::csv
