// Names of columns and metrics as options give them: `--column a,b`, or repeated. A name may hold
// commas itself, as {job="api", track="canary"} does.
#pragma once

#include <string>
#include <vector>

#include "app/command_line.hpp"

namespace rehearse::app {

/// An option that may be repeated, one value each time, with nothing split.
Option add_names(Command& command, const std::string& option, std::vector<std::string>& names,
                 const std::string& help);

/// Splits each of `given` at the commas between names: the longest piece that is a known name comes
/// first, and what is none stays as it stands between commas.
std::vector<std::string> split_names(const std::vector<std::string>& given,
                                     const std::vector<std::string>& known);

}  // namespace rehearse::app
