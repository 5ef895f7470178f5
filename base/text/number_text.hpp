// Numbers and strings as text in output files: the shortest decimal that reads back the same
// double, whole numbers without a fraction, and JSON strings with only the escapes that JSON asks
// for.
#pragma once

#include <string>
#include <string_view>

namespace rehearse {

/// REQUIRES: `value` is finite.
std::string number_text(double value);

/// With quotes. Bytes that are not valid UTF-8 become U+FFFD.
std::string json_string(std::string_view text);

}  // namespace rehearse
