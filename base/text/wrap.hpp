// Text broken at blanks to the width of a terminal.
//
// Widths are code points. A word longer than a line (a URI) stays whole, so that it can be copied.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rehearse {

constexpr std::size_t kColumns = 80;  ///< what a terminal is taken to show

/// The lines of `text`, whose words single blanks part, in at most `width` code points each; none
/// of an empty text.
std::vector<std::string> wrapped_lines(std::string_view text, std::size_t width);

/// `first`, then `text` in lines of at most kColumns, each with its line end. The lines after the
/// first are indented by `indent`; nullopt: they stand below each other.
std::string wrapped(std::string_view first, std::string_view text,
                    std::optional<std::size_t> indent = std::nullopt);

}  // namespace rehearse
