// What the program says beside its results, on stderr.
#pragma once

#include <string_view>

namespace rehearse::app {

/// "rehearse: TEXT" in lines of at most 80 columns, those after the first indented. REQUIRES: one
/// line of text.
void remark(std::string_view text);

}  // namespace rehearse::app
