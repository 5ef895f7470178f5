// What the program says beside its results.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rehearse::app {

/// On stderr: "rehearse: TEXT" in lines of at most 80 columns, those after the first indented.
/// REQUIRES: one line of text.
void remark(std::string_view text);

/// "Wrote to FOLDER: NAME NAME ..." in such lines.
std::string written_text(const std::string& folder, const std::vector<std::string>& names);

}  // namespace rehearse::app
