// UTF-8 (RFC 3629): every text that enters a run is checked once, at the border, so that no output
// ever holds bytes that a reader refuses.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rehearse {

/// Offset of the first byte that is not part of well-formed UTF-8; npos when there is none.
/// Overlong forms, surrogates and code points above U+10FFFF are not well formed.
std::size_t find_invalid_utf8(std::string_view text);

/// Number of code points, as an editor counts columns. REQUIRES: well-formed up to its end.
std::size_t count_code_points(std::string_view text);

/// `text` in one line that can be printed anywhere: control characters and bytes that are no UTF-8
/// are shown as \n, \t or \xNN; longer texts are cut to `limit` code points and end in "...".
std::string printable(std::string_view text, std::size_t limit = 60);

}  // namespace rehearse
